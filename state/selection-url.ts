/**
 * The selection in the address: one parameter a field, only where it differs from the default.
 *
 * Every parameter is checked by itself: what cannot be read falls back to its default and costs no other field its value.
 */
import { createParser, createSerializer, parseAsStringLiteral, type SingleParserBuilder } from 'nuqs/server';
import { layerAt, queryCount } from '@/models/architectures/layer-shape';
import type { ModelFamily } from '@/models/families/family';
import { embeddedFamily } from '@/models/families/registry';
import { parseRecipe } from '@/models/recipe';
import { DEFAULT_SELECTION, type Selection } from '@/state/selection-types';

type Parsers = { readonly [Field in keyof Selection]: SingleParserBuilder<Selection[Field]> };

/** A repository of the hub, or a file by 16 hexadecimal digits of its hash. */
const CHECKPOINT_ID = /^(file-[0-9a-f]{16}|[\w.-]{1,96}\/[\w.-]{1,96})$/;

const PARSERS: Parsers = {
  family: checkpointOr((text) => embeddedFamily(text) !== null),
  student: checkpointOr((text) => text === ''),
  recipe: createParser({ parse: (text) => (parseRecipe(text) === null ? null : text), serialize: String }),
  image: matching(/^(sample-(0|[1-9]\d{0,5})|own-[0-9a-f]{16}|photo-[a-z0-9-]{1,64})$/),
  // As far as any model may go; `withinFamily` knows the one at hand.
  query: integerBelow(100_000),
  layer: countedFromOne(512),
  head: countedFromOne(64),
  scaling: onOff(),
  ranking: onOff(),
  metric: matching(/^[A-Za-z]{1,40}$/),
  map: parseAsStringLiteral(['softmaxed', 'binarized']),
  view: parseAsStringLiteral(['overlay', 'plain']),
  scale: parseAsStringLiteral(['locked', 'per-head']),
  compare: createParser({
    parse: parseMembers,
    serialize: (ids) => ids.join('.'),
    eq: (a, b) => a.join() === b.join(),
  }),
  panel: matching(/^[a-z-]{1,40}$/),
  loss: parseAsStringLiteral(['true', 'predicted']),
};

/** In the order in which they stand in the address. */
export const SELECTION_FIELDS = Object.keys(PARSERS) as readonly (keyof Selection)[];

/** What a field was called in links made earlier. */
const EARLIER_NAMES: { readonly [Field in keyof Selection]?: string } = { family: 'backbone' };

const serialize = createSerializer(PARSERS as { [Field in keyof Selection]: Parsers[Field] });

/**
 * A position beyond an embedded family's models is its default; one in a checkpoint is believed until that is open.
 *
 * @param search as `location.search`: with or without `?`, hostile or not
 */
export function parseSelection(search: string): Selection {
  const parameters = new URLSearchParams(search);
  const read = Object.fromEntries(
    SELECTION_FIELDS.flatMap((field) => {
      const text = parameters.get(field) ?? parameters.get(EARLIER_NAMES[field] ?? '');
      const value = text === null ? null : PARSERS[field].parse(text);
      return value === null ? [] : [[field, value]];
    }),
  ) as Partial<Selection>;
  const selection = { ...DEFAULT_SELECTION, ...read };
  const family = embeddedFamily(selection.family);
  return family === null ? selection : { ...DEFAULT_SELECTION, ...withinFamily(selection, family, selection.layer) };
}

/** Without the fields whose values the family does not have. @param layer the one that the head is in */
export function withinFamily(
  change: Partial<Selection>,
  { layers, samples, members }: ModelFamily,
  layer: number,
): Partial<Selection> {
  const isThere = (index: number | undefined, count: number): boolean => index !== undefined && index < count;
  const inLayer = isThere(change.layer, layers.length) ? (change.layer ?? layer) : layer;
  const { query, layer: asked, head, image, compare, ...rest } = change;
  const [, sample] = /^sample-(\d+)$/.exec(image ?? '') ?? [];
  const isSample = sample === undefined || samples.kind !== 'idx' || Number(sample) < samples.count;
  const memberIds = members.map(({ id }) => id);
  const isMember = (id: string) => memberIds.includes(id);
  return {
    ...rest,
    ...(query !== undefined && isThere(query, queryCount(layers)) ? { query } : {}),
    ...(asked !== undefined && isThere(asked, layers.length) ? { layer: asked } : {}),
    ...(head !== undefined && isThere(head, layerAt(layers, inLayer).heads) ? { head } : {}),
    ...(image !== undefined && isSample ? { image } : {}),
    // In the family's order, whatever the address says.
    ...(compare?.every(isMember) === true ? { compare: memberIds.filter((id) => compare.includes(id)) } : {}),
  };
}

/**
 * @param search the present one; parameters that are not ours stay as they are
 * @returns '' or '?...'
 */
export function formatSelection(selection: Selection, search = ''): string {
  const others = new URLSearchParams(search);
  for (const field of SELECTION_FIELDS) {
    others.delete(field);
    others.delete(EARLIER_NAMES[field] ?? '');
  }
  const changed = SELECTION_FIELDS.filter((field) => !sameValue(field, selection, DEFAULT_SELECTION));
  const text = serialize(others, Object.fromEntries(changed.map((field) => [field, selection[field]])));
  return text === '?' ? '' : text;
}

/** Drops the fields whose value the address could not hold: out of range, unknown, not a number. */
export function acceptedFields(change: Partial<Selection>): Partial<Selection> {
  return Object.fromEntries(
    SELECTION_FIELDS.flatMap((field) => {
      const value = change[field];
      const parsed = value === undefined ? null : PARSERS[field].parse(textOf(field, change));
      return parsed === null ? [] : [[field, parsed]];
    }),
  );
}

export function sameValue(field: keyof Selection, a: Partial<Selection>, b: Partial<Selection>): boolean {
  return textOf(field, a) === textOf(field, b);
}

function textOf<Field extends keyof Selection>(field: Field, selection: Partial<Selection>): string {
  const value = selection[field];
  return value === undefined ? '' : (PARSERS[field] as SingleParserBuilder<Selection[Field]>).serialize(value);
}

function matching(pattern: RegExp): SingleParserBuilder<string> {
  return createParser({ parse: (text) => (pattern.test(text) ? text : null), serialize: String });
}

function checkpointOr(isOther: (text: string) => boolean): SingleParserBuilder<string> {
  return createParser({
    parse: (text) => (CHECKPOINT_ID.test(text) || isOther(text) ? text : null),
    serialize: String,
  });
}

function integerBelow(end: number): SingleParserBuilder<number> {
  const parse = (text: string) => (/^(0|[1-9]\d{0,5})$/.test(text) && Number(text) < end ? Number(text) : null);
  return createParser({ parse, serialize: String });
}

/** The address says layer 1 where the page does; the selection counts from 0. */
function countedFromOne(count: number): SingleParserBuilder<number> {
  const { parse } = integerBelow(count + 1);
  return createParser({
    parse: (text) => {
      const number = parse(text);
      return number === null || number === 0 ? null : number - 1;
    },
    serialize: (value) => String(value + 1),
  });
}

function onOff(): SingleParserBuilder<boolean> {
  return createParser({
    parse: (text) => (text === 'on' ? true : text === 'off' ? false : null),
    serialize: (value) => (value ? 'on' : 'off'),
  });
}

/** None, or two to five different ones. */
function parseMembers(text: string): readonly string[] | null {
  if (text === '') return [];
  const ids = text.split('.');
  const isList = ids.every((id) => /^[a-z0-9-]{1,40}$/.test(id)) && new Set(ids).size === ids.length;
  return isList && ids.length >= 2 && ids.length <= 5 ? ids : null;
}
