import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import classes from './tab-list.module.css';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** What is found there, in a few words. */
  readonly subtitle: string;
}

export interface TabListProps<Id extends string> {
  /** What the tabs lead through; spoken, not shown. */
  readonly label: string;
  readonly tabs: readonly TabItem<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
}

/** The element ids that tie a tab to its panel. */
export const tabId = (id: string): string => `tab-${id}`;
export const tabPanelId = (id: string): string => `panel-${id}`;

/** Tabs after the ARIA pattern: one stop of the Tab key, arrows, Home and End choose; the panel is the caller's. */
export function TabList<Id extends string>({ label, tabs, selected, onSelect }: TabListProps<Id>): ReactNode {
  const list = useRef<HTMLDivElement>(null);

  function choose(index: number): void {
    const tab = tabs.at(index % tabs.length);
    if (tab === undefined) return;
    onSelect(tab.id);
    list.current?.querySelector<HTMLElement>(`#${tabId(tab.id)}`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const present = tabs.findIndex(({ id }) => id === selected);
    const target = targetOf(event.key, present, tabs.length);
    if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(target);
  }

  return (
    <div ref={list} role="tablist" aria-label={label} className={classes.list} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={tabId(tab.id)}
          aria-selected={tab.id === selected}
          // Only the panel of the open tab is in the document.
          aria-controls={tab.id === selected ? tabPanelId(tab.id) : undefined}
          tabIndex={tab.id === selected ? 0 : -1}
          className={classes.tab}
          onClick={() => onSelect(tab.id)}
        >
          <span className={classes.label}>{tab.label}</span>
          <span className={classes.subtitle}>{tab.subtitle}</span>
        </button>
      ))}
    </div>
  );
}

function targetOf(key: string, present: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return (present + 1) % count;
    case 'ArrowLeft':
      return (present - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
