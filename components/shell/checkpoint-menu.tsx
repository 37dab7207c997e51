'use client';

import type { MemberId } from '@/models/families/family';
import { lazy, Suspense, useState, type DragEvent } from 'react';
import { modelName } from '@/components/analysis/model-names';
import { selectStudent } from '@/state/derived';
import { useAppState, useActions } from '@/state/use-app-state';
import { formatCount } from '@/lib/viz/format';
import type { CheckpointReport } from '@/engine/protocol';
import classes from './model-panel.module.css';

/** No checkpoint of this family is near it, and reading more would hold the tab up for nothing. */
const MAX_BYTES = 64 * 2 ** 20;

const CheckpointForm = lazy(() => import('@/components/shell/checkpoint-form'));

interface Replaced extends CheckpointReport {
  readonly id: MemberId;
  readonly fileName: string;
}

/** Puts a person's checkpoint in the place of a member, by default the chosen student, until the page reloads. */
export function CheckpointMenu() {
  const studentId = useAppState(selectStudent);
  const { replaceMember, notify } = useActions();
  const [chosen, setChosen] = useState<MemberId | null>(null);
  const member = chosen ?? studentId;
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [replaced, setReplaced] = useState<readonly Replaced[]>([]);

  async function open(file: File | null): Promise<void> {
    if (file === null) return;
    if (file.size > MAX_BYTES) {
      const sentence = `It has ${Math.round(file.size / 1e6)} MB; a checkpoint of this family has less than one. Choose the right file.`;
      notify({ kind: 'error', title: `${file.name} was not loaded`, sentence });
      return;
    }
    setBusy(true);
    try {
      const report = await replaceMember(member, file.name, await file.arrayBuffer());
      if (report)
        setReplaced((all) => [
          { ...report, id: member, fileName: file.name },
          ...all.filter(({ id }) => id !== member),
        ]);
    } catch {
      notify({
        kind: 'error',
        title: `${file.name} was not loaded`,
        sentence: 'The file could not be read. Choose it again.',
      });
    } finally {
      setBusy(false);
    }
  }

  const drop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation(); // a picture dropped anywhere else is the image; here it is a checkpoint
    setOver(false);
    void open(event.dataTransfer.files[0] ?? null);
  };

  return (
    <details
      className={classes.menu}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>Try your own checkpoint</summary>
      <div className={classes.inside}>
        {(isOpen || over) && (
          <Suspense fallback={null}>
            <CheckpointForm member={member} busy={busy} onMember={setChosen} onFile={(file) => void open(file)} />
          </Suspense>
        )}
        {replaced.map((checkpoint) => (
          <Result key={checkpoint.id} checkpoint={checkpoint} />
        ))}
      </div>
    </details>
  );
}

function Result({ checkpoint }: { readonly checkpoint: Replaced }) {
  const { id, fileName, parameters, used, ignored } = checkpoint;
  return (
    <div role="status">
      <p>
        <strong>{fileName}</strong> stands in for {modelName(id)}: {formatCount(parameters)} parameters, {used} keys
        used, {ignored.length} ignored. The accuracies above are still those of the shipped models.
      </p>
      {ignored.length > 0 && (
        <ul className={classes.keys} tabIndex={0} aria-label="Ignored keys">
          {ignored.map(({ key, why }) => (
            <li key={key}>
              <code>{key}</code>: {why}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
