/** What `npm run cost` is asked for, from its arguments. */
import { parseArgs } from 'node:util';
import { DEFAULT_FAMILY, EMBEDDED_FAMILIES } from '@/models/families/registry';
import { distilledForm, layersOf } from '@/models/architectures/configs';
import { queryCount } from '@/models/architectures/layer-shape';
import { ARCHITECTURE_IDS, ARCHITECTURES, DEIT_TINY } from '@/models/published';
import { customConfig, CUSTOM_SIZES } from '@/models/accounting/custom-config';
import {
  ALL_BINARY,
  ALL_REAL,
  AS_IN_THE_CODE,
  binaryParts,
  type CostPart,
  type PartBits,
} from '@/lib/accounting/precision';
import type { ModelConfig } from '@/models/config';
import type { DeitConfig } from '@/models/architectures/deit/config';

export const USAGE =
  'Usage: npm run cost -- --model deit_tiny [--tokens 198] [--binary linears,attention,...] [--layers] [--json]';

export interface CostRequest {
  /** An id of an embedded family or of ARCHITECTURES, or `custom`. */
  readonly model: string;
  readonly config: ModelConfig;
  readonly bits: PartBits;
  /** A line for each layer too. */
  readonly layers: boolean;
  readonly json: boolean;
}

/** Parts as they are typed. */
const PART_NAMES: ReadonlyMap<string, CostPart> = new Map([
  ['linears', 'linears'],
  ['attention', 'attention'],
  ['patch-embed', 'patchEmbed'],
  ['heads', 'heads'],
  ['patch-merging', 'patchMerging'],
]);
const PRECISIONS: ReadonlyMap<string, PartBits> = new Map([
  ['all', ALL_BINARY],
  ['none', ALL_REAL],
  ['code', AS_IN_THE_CODE],
]);
/** What its id was in earlier versions. */
const EARLIER_ID = 'embedded';
const FAMILY_IDS = EMBEDDED_FAMILIES.map(({ id }) => id);
const MODEL_NAMES = [...FAMILY_IDS, ...ARCHITECTURE_IDS, 'custom'];

/** Sizes of `--model custom`, as they are typed; the rest is DeiT-Tiny's. */
const SIZE_OPTIONS = {
  embedDim: 'width',
  depth: 'depth',
  numHeads: 'heads',
  imageSize: 'image',
  patchSize: 'patch',
  numClasses: 'classes',
  mlpRatio: 'mlp-ratio',
} as const satisfies { readonly [Size in (typeof CUSTOM_SIZES)[number]]: string };

/** @throws Error whose message is a sentence for who typed it */
export function readRequest(args: readonly string[]): CostRequest {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: string,
      tokens: string,
      binary: { ...string, default: 'code' },
      layers: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ...Object.fromEntries(Object.values(SIZE_OPTIONS).map((option) => [option, string])),
    },
  });
  const { model, tokens, binary, layers, json } = values;
  if (typeof model !== 'string') throw new Error(`${USAGE}\nModels: ${MODEL_NAMES.join(', ')}.`);
  const config = withTokens(model, configOf(model, values), text(tokens));
  return { model, config, bits: bitsOf(text(binary) ?? 'code'), layers: layers === true, json: json === true };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function configOf(model: string, values: Values): ModelConfig {
  const given = Object.values(SIZE_OPTIONS).filter((option) => values[option] !== undefined);
  if (model === 'custom') return customOf(values);
  const id = ARCHITECTURE_IDS.find((each) => each === model);
  const family = EMBEDDED_FAMILIES.find((each) => each.id === (model === EARLIER_ID ? DEFAULT_FAMILY.id : model));
  const config = family?.config ?? (id === undefined ? null : ARCHITECTURES[id].config);
  if (config === null) throw new Error(`There is no model "${model}"; the known ones are ${MODEL_NAMES.join(', ')}.`);
  const [option] = given;
  if (option !== undefined) throw new Error(`${model} has its own sizes; --${option} goes with --model custom.`);
  return config;
}

function customOf(values: Values): DeitConfig {
  const chosen = Object.fromEntries(
    CUSTOM_SIZES.flatMap((size) => {
      const typed = text(values[SIZE_OPTIONS[size]]);
      return typed === undefined ? [] : [[size, Number(typed)]];
    }),
  );
  const result = customConfig({ ...DEIT_TINY, ...chosen });
  if (result.kind === 'refused') throw new Error(result.sentence);
  return result.config;
}

function withTokens(model: string, config: ModelConfig, typed: string | undefined): ModelConfig {
  if (typed === undefined) return config;
  const distilled = distilledForm(config);
  if (distilled === null) throw new Error(`${model} has no class tokens: leave --tokens out.`);
  const forms = [config, distilled];
  const tokens = forms.map((form) => queryCount(layersOf(form)));
  const form = forms[tokens.indexOf(Number(typed))];
  if (form !== undefined) return form;
  const [one, two] = tokens;
  throw new Error(`${model} has ${one} tokens, or ${two} with a distillation token; "${typed}" is neither.`);
}

function bitsOf(typed: string): PartBits {
  const precision = PRECISIONS.get(typed);
  if (precision !== undefined) return precision;
  const parts = typed.split(',').map((name) => {
    const part = PART_NAMES.get(name.trim());
    if (part !== undefined) return part;
    const known = `${[...PART_NAMES.keys()].join(', ')}; or alone ${[...PRECISIONS.keys()].join(', ')}`;
    throw new Error(`There is no part "${name.trim()}"; the known ones are ${known}.`);
  });
  return binaryParts(parts);
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
