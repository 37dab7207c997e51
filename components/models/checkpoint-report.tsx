'use client';

import type { ReactNode } from 'react';
import { ExploreLink } from '@/components/models/explore-link';
import { Facts } from '@/components/models/facts';
import { HeadsForm } from '@/components/models/heads-form';
import { useModelsActions } from '@/components/models/models-context';
import type { Inspected } from '@/state/models/models-state';
import { formatCount } from '@/lib/viz/format';
import type { CheckpointReport } from '@/engine/protocol';
import { architectureOf } from '@/models/architectures/configs';
import type { ModelConfig } from '@/models/config';
import classes from './models.module.css';

/** What a checkpoint holds: what of it a model here takes, what it ignores and why, what is missing. */
export function InspectedReport({ inspected }: { readonly inspected: Inspected }): ReactNode {
  const { id, label, report } = inspected;
  const { config, parameters, used, ignored, missing, isBinary } = report;
  const isWhole = missing.length === 0;
  return (
    <section className={classes.report} aria-label={`What ${label} holds`}>
      <h3 className={classes.name}>{label}</h3>
      <Facts
        facts={[
          { name: 'Architecture', value: sizesOf(config) },
          {
            name: 'Precision',
            value: isBinary ? 'trained binarized' : 'full precision',
            source: `(${config.quantization})`,
          },
          { name: 'Parameters', value: isWhole ? formatCount(parameters) : 'n/a' },
          { name: 'Tensors', value: `${used} used, ${ignored.length} ignored, ${missing.length} missing` },
        ]}
      />
      {!isWhole && (
        <p role="alert" className={classes.trouble}>
          No model can be made of it, because tensors are missing. It is not kept; choose the whole checkpoint.
        </p>
      )}
      {mayStateHeads(report) && isWhole && <HeadsField inspected={inspected} />}
      <KeyList name="Ignored" keys={ignored} />
      <KeyList name="Missing" keys={missing.map((key) => ({ key, why: null }))} />
      {isWhole && (
        <div className={classes.ways}>
          <span className={classes.kept}>Kept in this browser</span>
          <ExploreLink id={id} label={label} />
        </div>
      )}
    </section>
  );
}

function sizesOf(config: ModelConfig): string {
  const { imageSize, patchSize, numClasses } = config;
  const { label, sizes } = architectureOf(config);
  return `${label}: ${sizes(config)}; ${imageSize} × ${imageSize} pixels, patches of ${patchSize}, ${formatCount(numClasses)} classes`;
}

/** A binarized model's scaling factors tell how many heads it has. */
function mayStateHeads({ config, isBinary }: CheckpointReport): boolean {
  return architectureOf(config).leavesHeadsOpen && !isBinary;
}

function HeadsField({ inspected: { id, numHeads, report } }: { readonly inspected: Inspected }): ReactNode {
  const { setHeads } = useModelsActions();
  const { numHeads: present, embedDim } = report.config;
  return (
    <HeadsForm
      present={typeof present === 'number' ? present : null}
      width={embedDim}
      reason={
        numHeads === null
          ? 'Shapes do not tell them. Unless the file says so itself, they are assumed: width / 64, as published ViTs have them.'
          : 'As stated here, or in the configuration beside the file.'
      }
      onState={(heads) => void setHeads(id, heads)}
    />
  );
}

interface KeyListProps {
  readonly name: string;
  readonly keys: readonly { readonly key: string; readonly why: string | null }[];
}

function KeyList({ name, keys }: KeyListProps): ReactNode {
  if (keys.length === 0) return null;
  return (
    <details className={classes.keys}>
      <summary>
        {name}: {keys.length}
      </summary>
      <ul tabIndex={0} aria-label={`${name} keys`}>
        {keys.map(({ key, why }) => (
          <li key={key}>
            <code>{key}</code>
            {why !== null && `: ${why}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
