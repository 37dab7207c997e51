import type { MemberId } from '@/models/families/family';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { modelName } from '@/components/analysis/model-names';
import { Segmented } from '@/components/ui/segmented';
import type { Selection } from '@/state/selection-types';
import type { SourceKind } from './use-live-view';
import classes from './live.module.css';

/** What is chosen in this tab alone. */
export interface LiveChoice {
  readonly model: 'student' | 'teacher';
  readonly path: 'fastest' | 'float';
  readonly heads: 'one' | 'mean';
}

interface LiveControlsProps {
  readonly wanted: boolean;
  readonly onWanted: (wanted: boolean) => void;
  readonly source: SourceKind;
  readonly onSource: (source: SourceKind) => void;
  readonly studentId: MemberId;
  readonly choice: LiveChoice;
  readonly onChoice: (change: Partial<LiveChoice>) => void;
  readonly map: Selection['map'];
  readonly onMap: (map: Selection['map']) => void;
}

/** Start and pause, and what goes through what. */
export function LiveControls(props: LiveControlsProps): ReactNode {
  const { wanted, onWanted, source, onSource, studentId, choice, onChoice, map, onMap } = props;
  return (
    <div className={classes.controls}>
      <Button size="xs" className={classes.start} onClick={() => onWanted(!wanted)}>
        {wanted ? 'Pause' : 'Start'}
      </Button>
      <Segmented label="Pictures from" value={source} onChange={onSource} options={['clip', 'camera']} />
      <Segmented
        label="Model"
        value={choice.model}
        onChange={(model) => onChoice({ model })}
        options={{ student: modelName(studentId), teacher: modelName('teacher') }}
      />
      <Segmented
        label="Arithmetic"
        value={choice.path}
        onChange={(path) => onChoice({ path })}
        options={{ fastest: 'packed 1-bit', float: 'float' }}
      />
      <Segmented label="Attention map" value={map} onChange={onMap} options={['softmaxed', 'binarized']} />
      <Segmented
        label="Heads"
        value={choice.heads}
        onChange={(heads) => onChoice({ heads })}
        options={{ one: 'one head', mean: 'mean' }}
      />
    </div>
  );
}
