'use client';

import { Button, TextInput } from '@mantine/core';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useModelsActions } from '@/components/models/models-context';
import classes from './models.module.css';

/** Any repository by its name. */
export function RepoField(): ReactNode {
  const { add } = useModelsActions();
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const isRepo = add(typed);
    setRefused(!isRepo);
    if (isRepo) setTyped('');
  };
  return (
    <form className={classes.field} onSubmit={submit} noValidate>
      <TextInput
        size="xs"
        label="Another repository, or the address of its page"
        description="A ViT, DeiT or Swin of timm or transformers with a model.safetensors."
        placeholder="owner/name"
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setRefused(false);
        }}
        error={refused && 'That is no name of a repository. Write it as owner/name.'}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
      />
      <Button type="submit" size="xs" variant="default">
        Ask for it
      </Button>
    </form>
  );
}
