import { Popover } from '@mantine/core';
import { useLayoutEffect, type ReactNode } from 'react';
import classes from './hover-card.module.css';

export interface HoverCardPopoverProps {
  /** The element the card stands at, read once it is drawn. */
  readonly anchor: () => HTMLElement | null;
  readonly id?: string;
  /** Accessible name. */
  readonly label: string;
  readonly position: 'top' | 'bottom';
  readonly trapFocus?: boolean;
  readonly onDismiss: () => void;
  readonly onMouseEnter: () => void;
  readonly onMouseLeave: () => void;
  readonly children: ReactNode;
}

/** In a chunk of its own, hence the default export. */
export default function HoverCardPopover(props: HoverCardPopoverProps): ReactNode {
  const { anchor, label, position, trapFocus = false, onDismiss, children, ...rest } = props;
  return (
    <Popover
      opened
      onDismiss={onDismiss}
      trapFocus={trapFocus}
      withRoles={false}
      // The anchor may be scrolled out of the window while what was pointed at is still in it.
      hideDetached={false}
      position={position}
      withArrow={position === 'top'}
      width={360}
      shadow="md"
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Anchor element={anchor} />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={label} className={classes.card} {...rest}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}

interface AnchorProps {
  readonly element: () => HTMLElement | null;
  /** Given by `Popover.Target`. */
  readonly ref?: (element: HTMLElement | null) => void;
}

/** Stands for an element that is already in the document: wrapping it in the popover would mount it anew and lose the focus. */
function Anchor({ element, ref }: AnchorProps): ReactNode {
  useLayoutEffect(() => {
    ref?.(element());
    return () => ref?.(null);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return null;
}
