import { TOP_K } from '@/lib/metrics/top-k-overlap';
import { MATRIX_METRICS } from '@/analyses/attention/protocol';
import { describe, expect, it } from 'vitest';
import { createRng } from '@/lib/math/rng';
import { softmax } from '@/lib/math/softmax';
import { headDistortion } from '@/lib/metrics/head-distortion';
import { type Trace } from '@/engine/protocol';
import { distortionOf } from '@/analyses/attention/distortion';
import { parseConfig } from '@/models/config';
import { deitOnly } from '@/tests/models/deit-only';
import type { LayerTrace } from '@/models/trace';

const [LAYERS, HEADS, TOKENS] = [2, 2, 10];

/** Attention made up from a seed; binarized at a threshold that leaves some rows constant. */
function trace(seed: number, quantization: 'none' | 'bi-vit-elastic' = 'bi-vit-elastic'): Trace {
  const rng = createRng(seed);
  const none = new Float32Array(0);
  const layers = Array.from({ length: LAYERS }, (): LayerTrace => {
    const rows = Array.from({ length: HEADS * TOKENS }, () =>
      softmax(Array.from({ length: TOKENS }, () => rng.normal())),
    );
    const attention = Float32Array.from(rows.flatMap((row) => [...row]));
    const attentionBinary = quantization === 'none' ? null : attention.map((p) => (p > 0.3 ? 0.5 : 0));
    return {
      heads: HEADS,
      layout: { classTokens: TOKENS - 9, gridSide: 3, window: null },
      q: null,
      k: null,
      v: null,
      quantizers: null,
      qBinary: null,
      kBinary: null,
      vBinary: null,
      scores: none,
      attention,
      attentionBinary,
      output: none,
      gradScores: null,
      gradAttention: null,
      gradAttentionBinary: null,
      gradQ: null,
      gradK: null,
      gradV: null,
    };
  });
  const config = deitOnly(
    parseConfig(
      JSON.stringify({
        architecture: 'deit',
        quantization,
        imageSize: 12,
        patchSize: 4,
        embedDim: 4,
        depth: LAYERS,
        numHeads: HEADS,
        mlpRatio: 1,
        numClasses: 2,
        distilled: false,
        normEps: 1e-6,
      }),
    ),
  );
  return { config, numTokens: TOKENS, logits: none, layers, loss: null };
}

describe('a student’s distortion', () => {
  it('is none where the student is the teacher', () => {
    const teacher = trace(1);
    const { attention } = distortionOf(teacher, teacher);
    for (let layer = 0; layer < LAYERS; layer++) {
      for (let head = 0; head < HEADS; head++) {
        expect(attention.cosine[layer]?.[head]?.value).toBeCloseTo(1, 12);
        expect(attention.tauB[layer]?.[head]?.value).toBeCloseTo(1, 12);
        expect(attention.topKOverlap[layer]?.[head]?.value).toBe(1);
        expect(attention.jensenShannon[layer]?.[head]?.value).toBeCloseTo(0, 12);
        expect(attention.entropyDifference[layer]?.[head]?.value).toBe(0);
      }
    }
  });

  it('is what lib/metrics gives for each head, softmaxed and binarized', () => {
    const [teacher, student] = [trace(1), trace(2)];
    const { attention, attentionBinary } = distortionOf(teacher, student);
    const map = (values: Float32Array, head: number) => values.slice(head * TOKENS ** 2, (head + 1) * TOKENS ** 2);
    student.layers.forEach((ofStudent, layer) => {
      const ofTeacher = teacher.layers[layer]?.attention ?? new Float32Array(0);
      for (let head = 0; head < HEADS; head++) {
        const options = { tokens: TOKENS, k: TOP_K };
        const soft = headDistortion(map(ofTeacher, head), map(ofStudent.attention, head), options);
        const binary = headDistortion(
          map(ofTeacher, head),
          map(ofStudent.attentionBinary ?? new Float32Array(0), head),
          options,
        );
        for (const metric of MATRIX_METRICS) {
          const cell = attention[metric][layer]?.[head];
          const binaryCell = attentionBinary[metric][layer]?.[head];
          expect(cell).toEqual({ value: soft[metric].value, definedRows: soft[metric].defined, totalRows: TOKENS });
          expect(binaryCell).toEqual({
            value: binary[metric].value,
            definedRows: binary[metric].defined,
            totalRows: TOKENS,
          });
        }
      }
    });
  });

  it('leaves rows that the binarizer made constant out of the rank measures, and counts them', () => {
    const { attentionBinary, constantRowShare } = distortionOf(trace(1), trace(2));
    const share = constantRowShare[0]?.[0] ?? 0;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    expect(attentionBinary.tauB[0]?.[0]?.definedRows).toBe(Math.round((1 - share) * TOKENS));
  });

  it('takes the softmaxed attention of a layer that leaves it real-valued', () => {
    const distortion = distortionOf(trace(1), trace(2, 'none'));
    expect(distortion.attentionBinary).toEqual(distortion.attention);
  });

  it('does not exist for a student of another shape', () => {
    const teacher = trace(1);
    expect(() => distortionOf(teacher, { ...trace(2), layers: teacher.layers.slice(1) })).toThrow(RangeError);
  });
});
