import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '@/components/ui/icon';
import classes from './masthead.module.css';

const BASE_PATH = process.env.NEXT_PUBLIC_BASE_PATH ?? '';

const PAGES = [
  { id: 'explore', name: 'Explore', href: `${BASE_PATH}/` },
  { id: 'models', name: 'Models', href: `${BASE_PATH}/models/` },
] as const;

export interface MastheadProps {
  readonly page: (typeof PAGES)[number]['id'];
  /** What the page is for; on wide screens. */
  readonly subtitle: string;
  /** Left of the colour scheme. */
  readonly children?: ReactNode;
}

/** The bar at the top of every page: title, pages, tools. */
export function Masthead({ page, subtitle, children }: MastheadProps): ReactNode {
  return (
    <header className={classes.bar}>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <h1 className={classes.title}>
        Bi-ViT <span>Lens</span>
      </h1>
      <nav aria-label="Pages" className={classes.pages}>
        {PAGES.map(({ id, name, href }) => (
          <a key={id} href={href} {...(id === page ? { 'aria-current': 'page' } : {})}>
            {name}
          </a>
        ))}
      </nav>
      <p className={classes.subtitle}>{subtitle}</p>
      <div className={classes.tools}>
        {children}
        <SchemeButton />
      </div>
    </header>
  );
}

function SchemeButton(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: true });
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <MastheadIcon
      label={`Switch to the ${other} colours`}
      onClick={() => setColorScheme(other)}
      path="M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18"
    />
  );
}

export interface MastheadIconProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  /** In a box of 24 x 24. */
  readonly path: string;
}

export function MastheadIcon({ label, disabled = false, onClick, path }: MastheadIconProps): ReactNode {
  return (
    <ActionIcon size={30} variant="default" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <Icon size={16} box={24} path={path} strokeWidth={2} />
    </ActionIcon>
  );
}
