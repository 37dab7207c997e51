'use client';

import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { Masthead, MastheadIcon } from '@/components/ui/masthead';
import { selectCanRedo, selectCanUndo } from '@/state/derived';
import { useAppState, useActions } from '@/state/use-app-state';

/** The pages, steps back and forth, the link to what is seen. */
export function TopBar() {
  const canUndo = useAppState(selectCanUndo);
  const canRedo = useAppState(selectCanRedo);
  const isOwn = useAppState((state) => state.image.current?.kind === 'own');
  const { undo, redo, notify } = useActions();
  useHistoryKeys(undo, redo);

  async function copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(window.location.href);
      notify({
        kind: 'info',
        title: 'Link copied',
        sentence: isOwn
          ? 'It holds everything but your picture, which never leaves this device.'
          : 'It opens this very picture, query, layer, head and model.',
      });
    } catch {
      notify({
        kind: 'error',
        title: 'The link was not copied',
        sentence: 'The browser refused. Copy the address from its address bar.',
      });
    }
  }

  return (
    <Masthead page="explore" subtitle="What binarizing does to attention, and what mends it">
      <MastheadIcon
        label="Undo (Ctrl+Z)"
        disabled={!canUndo}
        onClick={undo}
        path="M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"
      />
      <MastheadIcon
        label="Redo (Ctrl+Shift+Z)"
        disabled={!canRedo}
        onClick={redo}
        path="M15 14l5-5-5-5M20 9H10a6 6 0 0 0 0 12h3"
      />
      <Button size="xs" variant="default" onClick={() => void copyLink()}>
        Copy link
      </Button>
      <Button size="xs" variant="default" component="a" href="#sources">
        Sources
      </Button>
    </Masthead>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y), except where they belong to a text; a switch is an input, too, but holds none. */
function useHistoryKeys(undo: () => void, redo: () => void): void {
  const unlessTyping = (step: () => void) => (event: KeyboardEvent) => {
    if (isTextField(event.target)) return;
    event.preventDefault();
    step();
  };
  useHotkeys(
    [
      ['mod+Z', unlessTyping(undo), { preventDefault: false }],
      ['mod+shift+Z', unlessTyping(redo), { preventDefault: false }],
      ['mod+Y', unlessTyping(redo), { preventDefault: false }],
    ],
    [],
  );
}

const WITHOUT_TEXT: readonly string[] = ['checkbox', 'radio', 'range', 'button', 'submit', 'file'];

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !WITHOUT_TEXT.includes(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
