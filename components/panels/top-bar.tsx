'use client';

import { ActionIcon, Button, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { selectCanRedo, selectCanUndo } from '@/lib/store/derived';
import { useLens, useLensActions } from '@/lib/store/use-lens';
import classes from './top-bar.module.css';

/** Title, steps back and forth, the link to what is seen, the colour scheme. */
export function TopBar() {
  const canUndo = useLens(selectCanUndo);
  const canRedo = useLens(selectCanRedo);
  const isOwn = useLens((state) => state.image.current?.kind === 'own');
  const { undo, redo, notify } = useLensActions();
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
    <header className={classes.bar}>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <h1 className={classes.title}>
        Bi-ViT <span>Lens</span>
      </h1>
      <p className={classes.subtitle}>What binarizing does to attention, and what mends it</p>
      <div className={classes.tools}>
        <IconButton
          label="Undo (Ctrl+Z)"
          disabled={!canUndo}
          onClick={undo}
          path="M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3"
        />
        <IconButton
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
        <SchemeButton />
      </div>
    </header>
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

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <IconButton
      label={`Switch to the ${other} colours`}
      onClick={() => setColorScheme(other)}
      path="M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18"
    />
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  /** In a box of 24 x 24, stroked. */
  readonly path: string;
}

function IconButton({ label, disabled = false, onClick, path }: IconButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={30} variant="default" aria-label={label} disabled={disabled} onClick={onClick}>
        <svg
          width="16"
          height="16"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
          aria-hidden="true"
        >
          <path d={path} />
        </svg>
      </ActionIcon>
    </Tooltip>
  );
}
