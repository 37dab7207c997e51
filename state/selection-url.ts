/**
 * The selection in the address: one parameter a field, only where it differs from the default.
 *
 * Every parameter is checked by itself: what cannot be read falls back to its default and costs no other field its value.
 */
import { DEFAULT_SELECTION, PANEL_IDS, type Selection } from '@/state/selection-types';
import { parseRecipe } from '@/models/recipe';
import { FAMILY, MATRIX_METRICS, MODEL_IDS, SAMPLE_COUNT, type ModelId } from '@/engine/protocol';

/** A field as text and back. */
interface Codec<T> {
  /** @returns `null` when the text is no value of this field */
  readonly parse: (text: string) => T | null;
  readonly format: (value: T) => string;
}

/** What of a selection depends on the shape of the models. */
export interface SelectionLimits {
  /** Tokens of the first layer. */
  readonly queries: number;
  readonly layers: number;
  readonly heads: (layer: number) => number;
}

export const FAMILY_LIMITS: SelectionLimits = {
  queries: FAMILY.tokens,
  layers: FAMILY.layers,
  heads: () => FAMILY.heads,
};

type Fields = { readonly [Field in keyof Selection]: Codec<Selection[Field]> };

const CODECS: Fields = {
  backbone: { parse: parseShelfId, format: String },
  student: { parse: parseShelfId, format: String },
  recipe: { parse: (text) => (parseRecipe(text) === null ? null : text), format: String },
  image: { parse: parseImage, format: String },
  // As far as any model may go; `withinLimits` knows the one at hand.
  query: integerBelow(100_000),
  layer: countedFromOne(512),
  head: countedFromOne(64),
  scaling: onOff(),
  ranking: onOff(),
  metric: oneOf(MATRIX_METRICS),
  map: oneOf(['softmaxed', 'binarized']),
  view: oneOf(['overlay', 'plain']),
  scale: oneOf(['locked', 'per-head']),
  compare: { parse: parseModels, format: (models) => models.join('.') },
  panel: oneOf(PANEL_IDS),
  loss: oneOf(['true', 'predicted']),
};

/** In the order in which they stand in the address. */
export const SELECTION_FIELDS = Object.keys(CODECS) as readonly (keyof Selection)[];

/**
 * A place beyond the family's models is its default; one in a backbone is believed until the backbone is open.
 *
 * @param search as `location.search`: with or without `?`, hostile or not
 */
export function parseSelection(search: string): Selection {
  const parameters = new URLSearchParams(search);
  const selection = SELECTION_FIELDS.reduce<Selection>(
    (before, field) => read(before, field, parameters),
    DEFAULT_SELECTION,
  );
  if (selection.backbone !== '') return selection;
  return { ...DEFAULT_SELECTION, ...withinLimits(selection, FAMILY_LIMITS, selection.layer) };
}

/** Without the fields that a model of that shape does not have. @param layer the one that the head is of */
export function withinLimits(
  change: Partial<Selection>,
  { queries, layers, heads }: SelectionLimits,
  layer: number,
): Partial<Selection> {
  const isThere = (index: number | undefined, count: number): boolean => index === undefined || index < count;
  const inLayer = change.layer !== undefined && change.layer < layers ? change.layer : layer;
  const { query, layer: asked, head, ...rest } = change;
  return {
    ...rest,
    ...(query !== undefined && isThere(query, queries) ? { query } : {}),
    ...(asked !== undefined && isThere(asked, layers) ? { layer: asked } : {}),
    ...(head !== undefined && isThere(head, heads(inLayer)) ? { head } : {}),
  };
}

/**
 * @param search the present one; parameters that are not ours stay as they are
 * @returns '' or '?...'
 */
export function formatSelection(selection: Selection, search = ''): string {
  const parameters = new URLSearchParams(search);
  for (const field of SELECTION_FIELDS) write(parameters, field, selection);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Drops the fields whose value the address could not hold: out of range, unknown, not a number. */
export function acceptedFields(change: Partial<Selection>): Partial<Selection> {
  return SELECTION_FIELDS.reduce<Partial<Selection>>((accepted, field) => accept(accepted, field, change), {});
}

export function sameValue<Field extends keyof Selection>(field: Field, a: Selection, b: Selection): boolean {
  return CODECS[field].format(a[field]) === CODECS[field].format(b[field]);
}

function read<Field extends keyof Selection>(
  selection: Selection,
  field: Field,
  parameters: URLSearchParams,
): Selection {
  const text = parameters.get(field);
  const value = text === null ? null : CODECS[field].parse(text);
  return value === null ? selection : { ...selection, [field]: value };
}

function write<Field extends keyof Selection>(parameters: URLSearchParams, field: Field, selection: Selection): void {
  if (sameValue(field, selection, DEFAULT_SELECTION)) parameters.delete(field);
  else parameters.set(field, CODECS[field].format(selection[field]));
}

function accept<Field extends keyof Selection>(
  accepted: Partial<Selection>,
  field: Field,
  change: Partial<Selection>,
): Partial<Selection> {
  const value = change[field];
  if (value === undefined) return accepted;
  const parsed = CODECS[field].parse(CODECS[field].format(value));
  return parsed === null ? accepted : { ...accepted, [field]: parsed };
}

/** A repository of the hub, or a file by 16 hexadecimal digits of its hash; '' for none. */
function parseShelfId(text: string): string | null {
  return text === '' || /^(file-[0-9a-f]{16}|[\w.-]{1,96}\/[\w.-]{1,96})$/.test(text) ? text : null;
}

/** 16 hexadecimal digits name a picture of the visitor's. */
function parseImage(text: string): string | null {
  const [, index] = /^sample-(0|[1-9]\d{0,5})$/.exec(text) ?? [];
  if (index !== undefined) return Number(index) < SAMPLE_COUNT ? text : null;
  return /^(own-[0-9a-f]{16}|photo-[a-z0-9-]{1,64})$/.test(text) ? text : null;
}

function integerBelow(end: number): Codec<number> {
  return {
    parse: (text) => (/^(0|[1-9]\d{0,5})$/.test(text) && Number(text) < end ? Number(text) : null),
    format: String,
  };
}

/** The address says layer 1 where the page does; the selection counts from 0. */
function countedFromOne(count: number): Codec<number> {
  const { parse } = integerBelow(count + 1);
  return {
    parse: (text) => {
      const number = parse(text);
      return number === null || number === 0 ? null : number - 1;
    },
    format: (value) => String(value + 1),
  };
}

function onOff(): Codec<boolean> {
  return {
    parse: (text) => (text === 'on' ? true : text === 'off' ? false : null),
    format: (value) => (value ? 'on' : 'off'),
  };
}

function oneOf<const T extends string>(values: readonly T[]): Codec<T> {
  return { parse: (text) => values.find((value) => value === text) ?? null, format: String };
}

/** None, or two to five different ones. */
function parseModels(text: string): readonly ModelId[] | null {
  if (text === '') return [];
  const names = text.split('.');
  const ids = MODEL_IDS.filter((id) => names.includes(id));
  return ids.length >= 2 && ids.length === names.length ? ids : null;
}
