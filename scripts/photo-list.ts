/** A photograph of the reference set and what PyTorch's DeiT-Tiny says about it. */
export interface ReferencePhoto {
  readonly file: string;
  readonly classIndex: number;
  readonly className: string;
  /** Class indices, the most probable first. */
  readonly top5: readonly number[];
}

/** Fields of one CSV line; a field in double quotes may hold commas and doubled quotes (RFC 4180), but no line break. */
export function splitCsvLine(line: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const letter = line.charAt(i);
    if (isQuoted && letter === '"' && line.charAt(i + 1) === '"') {
      field += '"';
      i += 1;
    } else if (letter === '"') {
      isQuoted = !isQuoted;
    } else if (letter === ',' && !isQuoted) {
      fields.push(field);
      field = '';
    } else {
      field += letter;
    }
  }
  return [...fields, field];
}

/** Reads photos.csv by its column names. Throws Error on a missing column or a line that makes no sense. */
export function parsePhotoList(csv: string): readonly ReferencePhoto[] {
  const [head = '', ...lines] = csv.split(/\r?\n/).filter((line) => line !== '');
  const columns = splitCsvLine(head);
  return lines.map((line, i) => {
    const fields = splitCsvLine(line);
    const field = (name: string): string => {
      const value = fields[columns.indexOf(name)];
      if (value === undefined) throw new Error(`line ${i + 2} of the list of photos has no ${name}`);
      return value;
    };
    const classIndex = Number(field('class_index'));
    const top5 = field('deit_tiny_top5').split(' ').map(Number);
    if (![classIndex, ...top5].every(Number.isInteger) || top5.length !== 5) {
      throw new Error(`line ${i + 2} of the list of photos has no class and five classes`);
    }
    return { file: field('file'), classIndex, className: field('class_name'), top5 };
  });
}

/** Indices of the `k` largest values, the largest first; of equals the earlier one first. Cost O(n log n). */
export function topIndices(values: ArrayLike<number>, k: number): readonly number[] {
  const value = (i: number): number => values[i] ?? -Infinity;
  return Array.from(values, (_, i) => i)
    .sort((a, b) => value(b) - value(a) || a - b)
    .slice(0, k);
}
