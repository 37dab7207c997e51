'use client';

import type { PrecisionPicture } from '@/analyses/precision/protocol';
import { Table } from '@mantine/core';
import { useMemo, useState } from 'react';
import { AttentionMap } from '@/components/charts/attention-map';
import { attentionScale, differenceScale, lockedTop, ownTop } from '@/components/analysis/locked-scale';
import { MapLegends } from '@/components/analysis/map-legends';
import { ModelMap } from '@/components/analysis/model-map';
import { attentionRow, keyOf, overTokens, rowDifference } from '@/components/analysis/trace-row';
import { useMapSettings } from '@/components/analysis/use-map-settings';
import { Explained } from '@/components/ui/explained';
import { tokenCount } from '@/lib/viz/patch-geometry';
import { selectTeacherTrace, selectTrueClass } from '@/state/derived';
import { useAppState, useResults } from '@/state/use-app-state';
import { answerLines } from './answers';
import { dialDifferenceCard, dialEntryCard } from './dial-cards';
import { precisionNote } from './precision-settings';
import classes from './quantized-picture.module.css';

/** The chosen row and the answer, in full precision and at the dial's. */
export function QuantizedPicture({ picture }: { readonly picture: PrecisionPicture }) {
  const selection = useAppState((state) => state.selection);
  const teacher = useResults(selectTeacherTrace);
  const family = useAppState((state) => state.family);
  const trueClass = useAppState(selectTrueClass);
  const [activeToken, setActiveToken] = useState<number | null>(null);
  const settings = useMapSettings(activeToken, setActiveToken);
  const top = useMemo(() => lockedTop(teacher), [teacher]);
  const locked = selection.scale === 'locked';

  // What the values are multiplied with: at 32 bits the softmaxed attention itself.
  const after =
    attentionRow(picture.trace, selection, 'binarized') ?? attentionRow(picture.trace, selection, 'softmaxed');
  const before = teacher && attentionRow(teacher, selection, 'softmaxed');
  const tokens = tokenCount(settings.geometry);
  const nothing = useMemo(() => new Float32Array(tokens), [tokens]);
  // Traces of the model before may be here for a moment.
  const spread = (values: Float32Array | null): Float32Array => {
    const row = overTokens(picture.trace, selection, values);
    return row?.length === tokens ? row : nothing;
  };
  const difference = spread(before && after ? rowDifference(after, before) : null);
  const scaleOf = (row: Float32Array | null) => attentionScale(locked || row === null ? top : ownTop(row));
  const lines =
    teacher === null
      ? null
      : answerLines(teacher.logits, picture.trace.logits, { trueClass, classNames: family.classNames });

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
        values={spread(after)}
        scale={scaleOf(after)}
        renderReadout={(token, text) => {
          const card = dialEntryCard(picture, selection, token, family);
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
        renderReadout={(token, text) => {
          const key = keyOf(picture.trace, selection, token);
          if (!before || !after || key === null) return text;
          const card = dialDifferenceCard(selection, token, after[key] ?? NaN, before[key] ?? NaN, family);
          return <Explained {...card} value={text} />;
        }}
      />
      <div className={classes.legends}>
        <MapLegends top={top} difference="dial − teacher" per="map" />
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
