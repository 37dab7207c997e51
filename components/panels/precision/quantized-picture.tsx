'use client';

import { Table } from '@mantine/core';
import { useMemo, useState } from 'react';
import { AttentionMap } from '@/components/charts/attention-map';
import { ColorLegend } from '@/components/charts/color-legend';
import { attentionScale, differenceScale, lockedTop, ownTop } from '@/components/panels/locked-scale';
import { ModelMap } from '@/components/panels/model-map';
import { attentionRow, rowDifference } from '@/components/panels/trace-row';
import { useMapSettings } from '@/components/panels/use-map-settings';
import { Explained } from '@/components/ui/explained';
import { ScaleBadge } from '@/components/ui/scale-badge';
import { CLASS_NAMES } from '@/lib/store/class-names';
import { selectTeacherTrace, selectTrueClass } from '@/lib/store/derived';
import { useLens, useResults } from '@/lib/store/use-lens';
import type { PrecisionPicture } from '@/lib/worker/analysis';
import { FAMILY } from '@/lib/worker/protocol';
import { answerLines } from './answers';
import { dialDifferenceCard, dialEntryCard } from './dial-cards';
import { precisionNote } from './precision-settings';
import classes from './quantized-picture.module.css';

const NOTHING = new Float32Array(FAMILY.tokens);

/** The chosen row and the answer, in full precision and at the dial's. */
export function QuantizedPicture({ picture }: { readonly picture: PrecisionPicture }) {
  const selection = useLens((state) => state.selection);
  const teacher = useResults(selectTeacherTrace);
  const trueClass = useLens(selectTrueClass);
  const [activeToken, setActiveToken] = useState<number | null>(null);
  const settings = useMapSettings(activeToken, setActiveToken);
  const top = useMemo(() => lockedTop(teacher), [teacher]);
  const locked = selection.scale === 'locked';

  // What the values are multiplied with: at 32 bits the softmaxed attention itself.
  const after =
    attentionRow(picture.trace, selection, 'binarized') ?? attentionRow(picture.trace, selection, 'softmaxed');
  const before = teacher && attentionRow(teacher, selection, 'softmaxed');
  const difference = useMemo(() => (before && after ? rowDifference(after, before) : NOTHING), [before, after]);
  const scaleOf = (row: Float32Array | null) => attentionScale(locked || row === null ? top : ownTop(row));
  const lines =
    teacher === null ? null : answerLines(teacher.logits, picture.trace.logits, { trueClass, classNames: CLASS_NAMES });

  return (
    <div className={classes.panes}>
      <ModelMap
        id="teacher"
        title="Teacher"
        trace={teacher}
        kind="softmaxed"
        place={selection}
        scale={scaleOf(before)}
        settings={settings}
      />
      <AttentionMap
        {...settings}
        title="At the dial"
        note={precisionNote(picture.precision)}
        quantity="quantized attention"
        values={after ?? NOTHING}
        scale={scaleOf(after)}
        renderReadout={(token, text) => {
          const card = dialEntryCard(picture, selection, token);
          return card === null ? text : <Explained {...card} value={text} />;
        }}
      />
      <AttentionMap
        {...settings}
        title="Difference"
        note="dial − teacher"
        quantity="difference"
        values={difference}
        scale={differenceScale(locked ? top : ownTop(difference))}
        renderReadout={(token, text) =>
          before && after ? (
            <Explained
              {...dialDifferenceCard(selection, token, after[token] ?? NaN, before[token] ?? NaN)}
              value={text}
            />
          ) : (
            text
          )
        }
      />
      <div className={classes.legends}>
        <ColorLegend
          orientation="horizontal"
          open={locked}
          label="attention"
          scale={attentionScale(locked ? top : 1)}
          note={locked ? 'the same in every pane, layer and head' : 'times each map’s own maximum'}
        />
        <ColorLegend
          orientation="horizontal"
          open={locked}
          label="dial − teacher"
          scale={differenceScale(locked ? top : 1)}
          note={locked ? 'on the same scale' : 'times its own maximum'}
        />
        <ScaleBadge scale={selection.scale} />
      </div>
      <div className={classes.answers}>
        <Table className="lens-numbers" verticalSpacing={4} horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Answer</Table.Th>
              <Table.Th scope="col" ta="right">
                32 bits
              </Table.Th>
              <Table.Th scope="col" ta="right">
                at the dial
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines?.map(({ name, full, dialled }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {name}
                </Table.Th>
                <Table.Td ta="right">{full}</Table.Td>
                <Table.Td ta="right">{dialled}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </div>
  );
}
