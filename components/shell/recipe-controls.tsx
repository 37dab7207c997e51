'use client';

import { NativeSelect, NumberInput, Switch } from '@mantine/core';
import { useState } from 'react';
import { Segmented } from '@/components/ui/segmented';
import { useAppState, useActions } from '@/state/use-app-state';
import { BINARIZER_IDS, BINARIZER_RECORDS } from '@/lib/quantizers/attention/records';
import { DEFAULT_RECIPE, formatRecipe, parseRecipe, type BinarizationRecipe } from '@/models/recipe';
import { recipeSentence } from '@/models/recipe-words';
import classes from './recipe.module.css';

/** What is binarized, by which rule, in which layers; each change makes the students anew. */
export function RecipeControls() {
  const text = useAppState((state) => state.selection.recipe);
  const count = useAppState((state) => state.family.layers.length);
  const { select } = useActions();
  const recipe = parseRecipe(text) ?? DEFAULT_RECIPE;
  const change = (part: Partial<BinarizationRecipe>) => select({ recipe: formatRecipe({ ...recipe, ...part }) });
  const last = Math.min(recipe.layers.to, count - 1);
  return (
    <fieldset className={classes.recipe}>
      <legend>What is binarized</legend>
      <div className={classes.parts}>
        <Switch
          size="xs"
          label="linears"
          checked={recipe.linears}
          onChange={(event) => change({ linears: event.currentTarget.checked })}
        />
        <Switch
          size="xs"
          label="q, k, v"
          checked={recipe.qkv}
          onChange={(event) => change({ qkv: event.currentTarget.checked })}
        />
        <Switch
          size="xs"
          label="attention"
          checked={recipe.attention !== null}
          onChange={(event) => change({ attention: event.currentTarget.checked ? 'elastic' : null })}
        />
      </div>
      <NativeSelect
        size="xs"
        label="Binarizer of the attention"
        disabled={recipe.attention === null}
        value={recipe.attention ?? 'elastic'}
        data={BINARIZER_RECORDS.map(({ id, menu }) => ({ value: id, label: menu }))}
        onChange={(event) =>
          change({ attention: BINARIZER_IDS.find((id) => id === event.currentTarget.value) ?? null })
        }
      />
      <div>
        <p className={classes.caption} id="alpha-rule">
          α, with the switch on
        </p>
        <Segmented
          label="Where α comes from, with the switch on"
          fullWidth
          value={recipe.alpha === 'one' ? 'calibrated' : recipe.alpha}
          onChange={(alpha) => change({ alpha })}
          options={{ official: 'official start', calibrated: 'least squares' }}
        />
      </div>
      <Layers
        key={`${recipe.layers.from}-${last}`}
        from={recipe.layers.from}
        to={last}
        count={count}
        onChange={(layers) => change({ layers })}
      />
      <p className={classes.caption}>{recipeSentence(recipe)} Fitted to the shipped photographs.</p>
    </fieldset>
  );
}

interface LayersProps {
  /** 0-based, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly onChange: (layers: BinarizationRecipe['layers']) => void;
}

/** Counted from 1 on the page. */
function Layers({ from, to, count, onChange }: LayersProps) {
  const [typed, setTyped] = useState({ from: from + 1, to: to + 1 });
  const settle = () => {
    const first = Math.min(typed.from, typed.to);
    const last = Math.max(typed.from, typed.to);
    if (first - 1 !== from || last - 1 !== to) onChange({ from: first - 1, to: last - 1 });
  };
  const field = (which: 'from' | 'to', label: string) => (
    <NumberInput
      size="xs"
      label={label}
      min={1}
      max={count}
      allowDecimal={false}
      clampBehavior="strict"
      value={typed[which]}
      onChange={(value) => typeof value === 'number' && setTyped((before) => ({ ...before, [which]: value }))}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === 'Enter') settle();
      }}
    />
  );
  return (
    <div className={classes.layers}>
      {field('from', 'From layer')}
      {field('to', `to layer, of ${count}`)}
    </div>
  );
}
