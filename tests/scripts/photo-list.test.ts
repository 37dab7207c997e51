import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePhotoList, splitCsvLine, topIndices } from '@/scripts/photo-list';

describe('a CSV line', () => {
  it('keeps commas and quotes inside quotes', () => {
    expect(splitCsvLine('a,"b, ""c""",,d')).toEqual(['a', 'b, "c"', '', 'd']);
  });

  it('gives back what was written', () => {
    const field = fc.string().map((text) => text.replace(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        expect(splitCsvLine(line)).toEqual(fields);
      }),
    );
  });
});

describe('the list of photos', () => {
  const head = 'file,class_index,class_name,deit_tiny_top5,author';

  it('is read by its column names', () => {
    const photos = parsePhotoList(`${head}\na.png,7,cock,7 8 9 10 11,"Somebody, Ltd"\r\n`);
    expect(photos).toEqual([{ file: 'a.png', classIndex: 7, className: 'cock', top5: [7, 8, 9, 10, 11] }]);
  });

  it('is refused when it makes no sense', () => {
    expect(() => parsePhotoList('file,class_index\na.png,7')).toThrow(/no deit_tiny_top5/);
    expect(() => parsePhotoList(`${head}\na.png,7,cock,7 8 9,x`)).toThrow(/line 2/);
    expect(() => parsePhotoList(`${head}\na.png,seven,cock,1 2 3 4 5,x`)).toThrow(/line 2/);
  });
});

describe('the largest values', () => {
  it('come in order, equals by position', () => {
    expect(topIndices([1, 5, 3, 5, 0], 3)).toEqual([1, 3, 2]);
    expect(topIndices(Float32Array.of(2), 5)).toEqual([0]);
  });
});
