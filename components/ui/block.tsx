import { useId, type ReactNode } from 'react';
import classes from './block.module.css';

export interface BlockProps {
  readonly title: string;
  /** After the title, quieter: `layer 3, head 2`. */
  readonly detail?: ReactNode;
  /** Controls at the right of the title. */
  readonly actions?: ReactNode;
  /** A sentence beneath the content. */
  readonly help?: ReactNode;
  /** Heading level, 2 by default. */
  readonly order?: 2 | 3 | 4;
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled card. */
export function Block({ title, detail, actions, help, order = 2, id, className, children }: BlockProps): ReactNode {
  const headingId = useId();
  const Heading = `h${order}` as const;
  return (
    <section
      aria-labelledby={headingId}
      className={className === undefined ? classes.block : `${classes.block} ${className}`}
      {...(id === undefined ? {} : { id })}
    >
      <header className={classes.header}>
        <div className={classes.heading}>
          <Heading id={headingId} className={classes.title}>
            {title}
          </Heading>
          {detail !== undefined && <span className={classes.detail}>{detail}</span>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
      {help !== undefined && <p className={classes.help}>{help}</p>}
    </section>
  );
}
