import { Button, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { webAddress } from '@/components/ui/choose-picture';
import classes from './drop-area.module.css';

interface UrlFieldProps {
  readonly onUrl: (url: string) => void;
  readonly help: ReactNode;
}

/** An address of a picture, typed. */
export default function UrlField({ onUrl, help }: UrlFieldProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const url = webAddress(typed);
    setRefused(url === null);
    if (url !== null) onUrl(url);
  };
  return (
    <form className={classes.url} onSubmit={submit} noValidate>
      <TextInput
        className={classes.field}
        size="xs"
        type="url"
        label="Address of a picture"
        placeholder="https://…"
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setRefused(false);
        }}
        error={refused && 'That is no address on the web. It starts with https://.'}
        data-autofocus
      />
      <Button type="submit" size="xs" variant="default">
        Load
      </Button>
      {help !== undefined && <p className={classes.hint}>{help}</p>}
    </form>
  );
}
