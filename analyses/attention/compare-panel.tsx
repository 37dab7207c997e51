'use client';

import { memberIds } from '@/models/families/family';
import type { MemberId } from '@/models/families/family';
import { Switch } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { placeLabel } from '@/components/analysis/trace-row';
import { Block } from '@/components/ui/block';
import { selectStudent } from '@/state/derived';
import { useAppState, useActions } from '@/state/use-app-state';
import shared from '../../components/analysis/panels.module.css';

const FEWEST = 2;

/** Comes when the mode is first on. */
const ComparedModels = lazy(() => import('@/analyses/attention/compared-models'));

/** Two to five models side by side at the same place, each with both of its maps and its distance from the teacher. */
export function ComparePanel() {
  const compare = useAppState((state) => state.selection.compare);
  const selection = useAppState((state) => state.selection);
  const studentId = useAppState(selectStudent);
  const family = useAppState((state) => state.family);
  const { select } = useActions();
  const on = compare.length >= FEWEST;

  return (
    <Block
      title="Compare"
      detail={on ? placeLabel(selection, family) : 'models side by side'}
      id="compare"
      actions={
        <Switch
          label="Compare mode"
          checked={on}
          disabled={memberIds(family).length < FEWEST}
          onChange={(event) =>
            select({ compare: event.currentTarget.checked ? fewest(memberIds(family), studentId) : [] })
          }
        />
      }
    >
      {on ? (
        <Suspense fallback={null}>
          <ComparedModels models={compare} fewest={FEWEST} />
        </Suspense>
      ) : (
        <p className={shared.dim}>
          Turn it on to see two to five of the models next to each other, on the same scale and for the same query.
        </p>
      )}
    </Block>
  );
}

/** The teacher and the chosen student, or whoever is there. */
function fewest(modelIds: readonly MemberId[], studentId: MemberId): readonly MemberId[] {
  const wanted = modelIds.filter((id) => id === 'teacher' || id === studentId);
  return wanted.length >= FEWEST ? wanted : modelIds.slice(0, FEWEST);
}
