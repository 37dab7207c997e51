'use client';

import { Switch } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { TwoByTwo } from '@/components/charts/two-by-two';
import { CheckpointMenu } from '@/components/shell/checkpoint-menu';
import { MODEL_NAMES } from '@/components/analysis/model-names';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { selectManifestModel, selectStudent } from '@/state/derived';
import { useAppState, useActions, useAppStateShallow } from '@/state/use-app-state';
import type { ManifestModel, StudentId } from '@/engine/protocol';
import { formatPercent } from '@/lib/viz/format';
import classes from './model-panel.module.css';

const TEST_IMAGES = 10_000;

/** Only a visitor's own model needs it. */
const BackbonePanel = lazy(async () => ({
  default: (await import('@/components/shell/family/backbone-panel')).BackbonePanel,
}));

/** Which models are looked at: the family and its cures, or a backbone and how it is binarized. */
export function ModelPanel() {
  const isFamily = useAppState((state) => state.selection.backbone === '' && state.subject.kind === 'family');
  if (isFamily) return <FamilyPanel />;
  return (
    <Suspense
      fallback={
        <Block title="Model" detail="loading" id="model">
          {null}
        </Block>
      }
    >
      <BackbonePanel />
    </Suspense>
  );
}

/** The two cures as switches, and what each combination of them measured. */
function FamilyPanel() {
  const scaling = useAppState((state) => state.selection.scaling);
  const ranking = useAppState((state) => state.selection.ranking);
  const teacher = useAppState(selectManifestModel('teacher'));
  const student = useAppState((state) => selectManifestModel(selectStudent(state))(state));
  const accuracies = useAppStateShallow((state): { readonly [Id in StudentId]: number | null } => ({
    baseline: selectManifestModel('baseline')(state)?.testAccuracy ?? null,
    scaling: selectManifestModel('scaling')(state)?.testAccuracy ?? null,
    ranking: selectManifestModel('ranking')(state)?.testAccuracy ?? null,
    'bi-vit': selectManifestModel('bi-vit')(state)?.testAccuracy ?? null,
  }));
  const { select } = useActions();

  return (
    <Block title="Model" detail="a binary student, and its cures" id="model">
      <div className={classes.switches}>
        <Switch
          checked={scaling}
          onChange={(event) => select({ scaling: event.currentTarget.checked })}
          labelPosition="left"
          label="Learnable scaling factor α"
          description="Each head learns how far its clip reaches, so that gradients pass again. Off: α stays at 1."
        />
        <Switch
          checked={ranking}
          onChange={(event) => select({ ranking: event.currentTarget.checked })}
          labelPosition="left"
          label="Ranking-aware distillation"
          description="Training also asks that scores stand in the teacher’s order. Off: it asks for the labels only."
        />
      </div>
      <TwoByTwo
        label="The four students and their test accuracy"
        names={MODEL_NAMES}
        accuracies={accuracies}
        selected={{ scaling, ranking }}
        onSelect={(switches) => select(switches)}
      />
      <p className={classes.measured}>
        Measured in per cent on 10,000 test images of Fashion-MNIST by the PyTorch recipe. This student:{' '}
        <strong>{student === null ? '–' : <Accuracy model={student} />}</strong>, its full-precision teacher:{' '}
        <strong>{teacher === null ? '–' : <Accuracy model={teacher} />}</strong>.
      </p>
      <CheckpointMenu />
    </Block>
  );
}

function Accuracy({ model }: { readonly model: ManifestModel }) {
  const right = Math.round(model.testAccuracy * TEST_IMAGES);
  const text = formatPercent(model.testAccuracy, 2);
  return (
    <Explained
      value={text}
      title="Test accuracy"
      latex="\frac{\#\{ i : \hat y_i = y_i \}}{10\,000}"
      substituted={`\\frac{${right}}{${TEST_IMAGES}} = ${model.testAccuracy}`}
      terms={[{ symbol: '\\#\\{ i : \\hat y_i = y_i \\}', value: String(right) }]}
      source={{ text: 'Counted by this project’s PyTorch recipe; see the manifest beside the checkpoints', url: null }}
      note={model.label}
    />
  );
}
