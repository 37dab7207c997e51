'use client';

import { REPAIR, type RepairStudy } from '@/analyses/attribution/protocol';
import { useState } from 'react';
import { ColorLegend } from '@/components/charts/color-legend';
import { RepairMatrix, type MatrixMark } from '@/components/charts/repair-matrix';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { modelName } from '@/components/analysis/model-names';
import { About, type AboutFormula } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { Explained } from '@/components/ui/explained';
import { latexNumber, latexOperand } from '@/lib/metrics/latex-number';
import { selectStudent, selectTargetClass, selectTrueClass } from '@/state/derived';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState, useActions, useResults } from '@/state/use-app-state';
import { className } from '@/lib/viz/class-name';
import type { ColorScale } from '@/lib/viz/color-scale';
import { formatFixed, formatPercent, formatSigned } from '@/lib/viz/format';
import { topClasses } from '@/lib/viz/top-classes';
import {
  flipOf,
  gapShare,
  recovered,
  repairAt,
  repairName,
  repairSentence,
  repairSummary,
  type Flip,
  type RepairTarget,
} from './repair-numbers';
import { useNarrow } from '@/components/analysis/use-narrow';
import classes from './repair-panel.module.css';

/** In logits; the same for every picture and student. */
const SCALE: ColorScale = { kind: 'diverging', max: 4 };

/** Pixels of a layer in the matrix; the heights below are those of four. */
const ROW_HEIGHT = 44;

const RECOVERED = {
  latex: '\\Delta_c = l_c(\\text{repaired}) - l_c(\\text{student})',
  share: '\\frac{\\Delta_c}{l_c(\\text{teacher}) - l_c(\\text{student})}',
  source: {
    text: 'This project’s own measure, by activation patching as in Vig et al. Investigating gender bias in language models using causal mediation analysis. NeurIPS 2020',
    url: 'https://arxiv.org/abs/2004.12265',
  },
} as const;

const FORMULAS: readonly AboutFormula[] = [
  {
    label: 'Recovered logit',
    latex: RECOVERED.latex,
    source: RECOVERED.source,
    note: 'The teacher’s real-valued softmaxed attention replaces the student’s binarized one; all else, v included, stays the student’s, and later layers run on with what comes out.',
  },
  {
    label: 'Share of the gap',
    latex: RECOVERED.share,
    source: RECOVERED.source,
    note: 'Undefined when the two logits are equal: there is no gap. Shares of several heads need not add up.',
  },
];

const MARKS: { readonly [Kind in Exclude<Flip, null>]: MatrixMark } = {
  to: { symbol: '✓', spoken: 'the prediction becomes right' },
  from: { symbol: '✗', spoken: 'the prediction becomes wrong' },
  other: { symbol: '≠', spoken: 'the prediction becomes another wrong class' },
};

/** What each head's attention, taken from the teacher, gives back of a class's logit; also where layer and head are chosen. */
export function RepairPanel() {
  const studentId = useAppState(selectStudent);
  const target = useAppState(selectTargetClass);
  const narrow = useNarrow();
  const layers = useAppState((state) => state.family.layers.length);
  const view = useAnalysis(REPAIR, { studentId, target });
  return (
    <Block
      title="Causal repair"
      detail={`layer × head, ${modelName(studentId)} with the teacher’s attention${target === 'predicted' ? ', for the class that the teacher predicts' : ''}`}
      id="repair"
      help="A repair may hurt: the later layers were trained on the student’s own attention, whose rows need not even sum to 1 as the teacher’s do, and may not know what to do with a better one. And with every map repaired the student still is binary in its weights and activations."
    >
      <About formulas={FORMULAS}>
        An experiment instead of a correlation: one head’s attention map is replaced by the teacher’s, the student runs
        on, and the cell says what that did to the logit (the score before the last softmax) of one class. Where a cell
        gives much back, that head’s distorted attention was costing the student its answer.
      </About>
      <AnalysisFrame view={view} label="the repairs" minHeight={(narrow ? 772 : 385) + ROW_HEIGHT * (layers - 4)}>
        {(study) => <Repairs study={study} />}
      </AnalysisFrame>
    </Block>
  );
}

function Repairs({ study }: { readonly study: RepairStudy }) {
  const { layer, head } = useAppState((state) => state.selection);
  const { select } = useActions();
  const trueClass = useAppState(selectTrueClass);
  const logits = useResults((state) => state.results.current?.logits[study.studentId] ?? null);
  // A whole layer was chosen while this target was: another one chosen elsewhere takes over.
  const [whole, setWhole] = useState<{ readonly kind: 'layer' | 'all'; readonly at: string } | null>(null);
  const at = `${layer},${head}`;

  const target: RepairTarget =
    whole?.at !== at
      ? { kind: 'head', layer, head }
      : whole.kind === 'layer'
        ? { kind: 'layer', layer }
        : { kind: 'all' };
  const before = logits === null ? null : (topClasses(logits, 1)[0] ?? null);
  const flipAt = (of: RepairTarget) => flipOf(repairAt(study, of), before, trueClass ?? study.classIndex);
  const classNames = useAppState((state) => state.family.classNames);
  const name = className(study.classIndex, classNames);
  const choose = (chosen: RepairTarget) => {
    if (chosen.kind === 'head') {
      setWhole(null);
      select({ layer: chosen.layer, head: chosen.head });
    } else if (chosen.kind === 'layer') {
      setWhole({ kind: 'layer', at: `${chosen.layer},${head}` });
      select({ layer: chosen.layer });
    } else {
      setWhole({ kind: 'all', at });
    }
  };

  return (
    <div className={classes.panes}>
      <div>
        <RepairMatrix
          label={`Recovered ${name} logit of ${modelName(study.studentId)}, by repaired head`}
          header={<h3 className={classes.heading}>Recovered {name} logit</h3>}
          heads={study.heads.map((heads) => heads.length)}
          valueAt={(of) => recovered(study, repairAt(study, of))}
          markAt={(of) => {
            const flip = flipAt(of);
            return flip === null ? null : MARKS[flip];
          }}
          scale={SCALE}
          selected={target}
          onSelect={choose}
        />
        <div className={classes.legends}>
          <ColorLegend open label="logits lost … won" scale={SCALE} note="the same for every picture and student" />
          <ul className={classes.marks}>
            {Object.values(MARKS).map(({ symbol, spoken }) => (
              <li key={symbol}>
                <span aria-hidden="true" className={classes.symbol}>
                  {symbol}
                </span>
                {spoken}
              </li>
            ))}
          </ul>
        </div>
      </div>
      <div className={classes.words}>
        <p className={classes.sentence} role="status">
          {repairSentence(study, { target, classNames, before })}
        </p>
        <p className={classes.summary}>{repairSummary(study) ?? 'n/a: no head has a finite logit.'}</p>
        <Anchors study={study} target={target} name={name} />
      </div>
    </div>
  );
}

interface AnchorsProps {
  readonly study: RepairStudy;
  readonly target: RepairTarget;
  readonly name: string;
}

/** Between which two logits the repair lies. */
function Anchors({ study, target, name }: AnchorsProps) {
  const repair = repairAt(study, target);
  const won = recovered(study, repair);
  const share = gapShare(study, repair);
  const anchors: readonly (readonly [string, number | null])[] = [
    [`${modelName(study.studentId)}, as it is`, study.studentLogit],
    [`with ${repairName(target)} repaired`, repair?.logit ?? null],
    ['Teacher', study.teacherLogit],
  ];
  const where = `${modelName(study.studentId)}, ${name} logit, ${repairName(target)} repaired. Measured here, on this picture.`;
  return (
    <dl className={`${classes.anchors} lens-numbers`}>
      {anchors.map(([title, logit]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{formatFixed(logit)}</dd>
        </div>
      ))}
      <div>
        <dt>recovered, in logits</dt>
        <dd>
          <Explained
            value={formatSigned(won, 2)}
            title="Recovered logit"
            latex={RECOVERED.latex}
            substituted={`${latexNumber(repair?.logit ?? null)} - ${latexOperand(study.studentLogit)} = ${latexNumber(won)}`}
            source={RECOVERED.source}
            note={where}
          />
        </dd>
      </div>
      <div>
        <dt>share of the gap to the teacher</dt>
        <dd>
          <Explained
            value={formatPercent(share, 0)}
            title="Share of the gap"
            latex={RECOVERED.share}
            substituted={`\\frac{${latexNumber(won)}}{${latexNumber(study.teacherLogit)} - ${latexOperand(study.studentLogit)}} = ${latexNumber(share)}`}
            source={RECOVERED.source}
            note={`${where}${share === null ? ' Undefined here: the two logits are equal.' : ''}`}
          />
        </dd>
      </div>
    </dl>
  );
}
