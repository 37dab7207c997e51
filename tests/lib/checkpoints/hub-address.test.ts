import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { DEFAULT_HUB_URL, hubUrlOf, isRepoId, parseRepoId } from '@/lib/checkpoints/hub-address';

const ID = 'timm/deit_tiny_patch16_224.fb_in1k';

/** What `ask` answers, or the error that it throws. */
function outcome(ask: () => string): unknown {
  try {
    return ask();
  } catch (error) {
    return error;
  }
}

describe('the name of a repository', () => {
  it.each([
    ID,
    'a/b',
    'facebook/deit-tiny-patch16-224',
    'lens/deit_micro',
    'a_/_b',
    '0/1',
    `${'a'.repeat(47)}/${'b'.repeat(48)}`,
  ])('may be %s', (id) => {
    expect(isRepoId(id)).toBe(true);
    expect(parseRepoId(id)).toBe(id);
  });

  it.each([
    ['is empty', ''],
    ['has no owner', 'deit_tiny'],
    ['has an empty owner', '/deit_tiny'],
    ['has an empty name', 'timm/'],
    ['has three parts', 'timm/deit/tiny'],
    ['climbs', '../deit'],
    ['climbs within', 'timm/..'],
    ['has two dots', 'timm/deit..tiny'],
    ['has two hyphens', 'timm/deit--tiny'],
    ['begins with a hyphen', 'timm/-deit'],
    ['ends with a hyphen', 'timm/deit-'],
    ['begins with a dot', '.timm/deit'],
    ['ends with a dot', 'timm/deit.'],
    ['ends with .git', 'timm/deit.git'],
    ['has a space', 'timm/deit tiny'],
    ['has a letter beyond ASCII', 'timm/déit'],
    ['has a percent sign', 'timm/deit%2Ftiny'],
    ['has a line break at its end', 'timm/deit\n'],
    ['has a query', 'timm/deit?x=1'],
    ['has a backslash', 'timm\\deit'],
    ['is longer than 96', `${'a'.repeat(48)}/${'b'.repeat(48)}`],
  ])('is none when it %s', (_why, text) => {
    expect(isRepoId(text)).toBe(false);
  });

  it('is taken without the spaces around it', () => {
    expect(parseRepoId(`  ${ID}\n`)).toBe(ID);
  });

  it.each([
    '',
    '/tree/main',
    '/blob/main/model.safetensors',
    '/resolve/main/model.safetensors?download=true',
    '#about',
    '?x=/y/z',
  ])('is read from the address of its page followed by “%s”', (rest) => {
    expect(parseRepoId(`${DEFAULT_HUB_URL}/${ID}${rest}`)).toBe(ID);
  });

  it('is read from an address of the hub that is set, and still of the public one', () => {
    const hub = 'http://127.0.0.1:4000/hub';
    expect(parseRepoId(`${hub}/${ID}/tree/main`, hub)).toBe(ID);
    expect(parseRepoId(`${DEFAULT_HUB_URL}/${ID}`, hub)).toBe(ID);
    expect(parseRepoId(ID, hub)).toBe(ID);
  });

  it.each([
    `https://example.org/${ID}`,
    `${DEFAULT_HUB_URL}.example.org/${ID}`,
    `https://user@example.org/huggingface.co/${ID}`,
    DEFAULT_HUB_URL,
    `${DEFAULT_HUB_URL}/`,
    `${DEFAULT_HUB_URL}/timm`,
    `${DEFAULT_HUB_URL}//timm/deit`,
    `${ID}/tree/main`,
    'javascript:alert(1)',
  ])('is not read from %s', (text) => {
    expect(() => parseRepoId(text)).toThrow(CheckpointError);
  });

  it('is asked for in a sentence that names what was typed, and what to type instead', () => {
    expect(() => parseRepoId(' deit tiny ')).toThrow(
      '"deit tiny" is not the name of a repository. Write it as owner/name, for example timm/deit_tiny_patch16_224.fb_in1k.',
    );
  });

  it('does not fill the sentence with all that was pasted', () => {
    const error = outcome(() => parseRepoId('x'.repeat(10_000)));
    expect(error).toBeInstanceOf(CheckpointError);
    expect(String(error).length).toBeLessThan(300);
  });

  it('that is used as an example in the sentence is one', () => {
    const example = /for example (\S+)\.$/.exec(String(outcome(() => parseRepoId('?'))))?.[1] ?? '';
    expect(isRepoId(example)).toBe(true);
  });
});

describe('whatever is typed', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '.', '-', '/', ' ', '?', '#', '%'), maxLength: 12 }),
    fc.constantFrom(ID, 'timm', '/', '//', '..', '--', '.git', `${DEFAULT_HUB_URL}/`, 'http://127.0.0.1:4000/'),
  );
  const typed = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const hubs = fc.constantFrom(DEFAULT_HUB_URL, 'http://127.0.0.1:4000');

  it('is the name of a repository or a CheckpointError', () => {
    fc.assert(
      fc.property(typed, hubs, (text, hub) => {
        const found = outcome(() => parseRepoId(text, hub));
        if (typeof found === 'string') expect(isRepoId(found)).toBe(true);
        else expect(found).toBeInstanceOf(CheckpointError);
      }),
      { numRuns: 1000 },
    );
  });

  const word = fc.string({ unit: fc.constantFrom('a', 'Z', '7', '_'), minLength: 1, maxLength: 20 });
  const joined = fc
    .array(word, { minLength: 1, maxLength: 2 })
    .chain((words) => fc.constantFrom('.', '-').map((joint) => words.join(joint)));

  it('names the same repository alone and in an address', () => {
    fc.assert(
      fc.property(joined, joined, fc.constantFrom('', '/', '/tree/main', '?a/b', '#a/b'), (owner, name, rest) => {
        const id = `${owner}/${name}`;
        expect(parseRepoId(id)).toBe(id);
        expect(parseRepoId(`${DEFAULT_HUB_URL}/${id}${rest}`)).toBe(id);
      }),
    );
  });

  it('is safe to put into an address when it is a name', () => {
    fc.assert(
      fc.property(joined, joined, (owner, name) => {
        const { origin, pathname, search, hash } = new URL(`${DEFAULT_HUB_URL}/${parseRepoId(`${owner}/${name}`)}`);
        expect([origin, pathname, search, hash]).toEqual([DEFAULT_HUB_URL, `/${owner}/${name}`, '', '']);
      }),
    );
  });
});

describe('the hub to ask', () => {
  it.each([undefined, '', '  ', '/', ' // '])('is the public one when the setting is “%s”', (setting) => {
    expect(hubUrlOf(setting)).toBe('https://huggingface.co');
  });

  it.each([
    ['https://hub.example.org', 'https://hub.example.org'],
    ['https://hub.example.org/', 'https://hub.example.org'],
    ['  http://127.0.0.1:4000//  ', 'http://127.0.0.1:4000'],
    ['https://example.org/mirror/', 'https://example.org/mirror'],
  ])('is, set as “%s”, %s', (setting, url) => {
    expect(hubUrlOf(setting)).toBe(url);
  });

  it.each([
    'huggingface.co',
    'localhost:4000',
    'ftp://example.org',
    'javascript:alert(1)',
    'file:///etc',
    'https:',
    'https://example.org?x=1',
    'https://example.org#x',
    'https://example.org?',
    'https://example.org#',
    'https://user@example.org',
    'https://user:word@example.org',
    'https://exa mple.org',
  ])('cannot be %s', (setting) => {
    expect(() => hubUrlOf(setting)).toThrow(CheckpointError);
    expect(() => hubUrlOf(setting)).toThrow(
      `NEXT_PUBLIC_HUB_URL is "${setting}", which is not the address of a hub. Set it to something like https://huggingface.co and build again.`,
    );
  });

  it('is, whatever the setting says, an address without a slash at its end, or a CheckpointError', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 10 }),
      fc.webUrl(),
      fc.constantFrom('http://', 'https://', '/', '?', '#', '@', ':', '127.0.0.1'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const found = outcome(() => hubUrlOf(parts.join('')));
        if (typeof found === 'string') {
          expect(found.endsWith('/')).toBe(false);
          expect(new URL(`${found}/${ID}`).pathname.endsWith(`/${ID}`)).toBe(true);
          expect(hubUrlOf(found)).toBe(found);
        } else expect(found).toBeInstanceOf(CheckpointError);
      }),
      { numRuns: 500 },
    );
  });
});
