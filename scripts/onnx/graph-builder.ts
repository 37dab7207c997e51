/** Builds an ONNX graph operation by operation; a checkpoint's tensors become its constants. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { attribute, tensor, type AttributeValue } from '@/scripts/onnx/protobuf';

/** The name of a value of the graph. */
export type Value = string;

type Attributes = Readonly<Record<string, AttributeValue>>;

export class GraphBuilder {
  readonly nodes: object[] = [];
  private readonly tensorsByName = new Map<string, object>();

  constructor(private readonly checkpoint: ReadonlyMap<string, CheckpointTensor>) {}

  get constants(): readonly object[] {
    return [...this.tensorsByName.values()];
  }

  /** An operation with one result. */
  apply(type: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const output = `${type}_${this.nodes.length}`;
    this.add(type, inputs, [output], attributes);
    return output;
  }

  split(x: Value, count: number): readonly Value[] {
    const outputs = Array.from({ length: count }, (_, i) => `Split_${this.nodes.length}_${i}`);
    this.add('Split', [x], outputs, { axis: -1, num_outputs: count });
    return outputs;
  }

  /** Names a result. */
  name(from: Value, name: string): void {
    this.add('Identity', [from], [name], {});
  }

  /** A tensor of the checkpoint, as it is. @throws Error when it is missing, or not of floats */
  weight(key: string): Value {
    const { shape, data } = this.floats(key);
    return this.constant(key, shape, data);
  }

  /** [O, I] of the checkpoint as [I, O]. @throws Error as `weight` */
  transposed(key: string): Value {
    const { shape, data } = this.floats(key);
    const [rows = 0, columns = 0] = shape;
    const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)] ?? NaN);
    return this.constant(`${key}^T`, [columns, rows], turned);
  }

  /** @throws Error as `weight` */
  floats(key: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
    const found = this.checkpoint.get(key);
    if (found === undefined) throw new Error(`The checkpoint has no tensor "${key}".`);
    const { shape, data, dtype } = found;
    if (!(data instanceof Float32Array))
      throw new Error(`The tensor "${key}" is of type ${dtype}; a full-precision model has floats there.`);
    return { shape, data };
  }

  constant(name: string, shape: readonly number[], data: Float32Array | BigInt64Array): Value {
    this.tensorsByName.set(name, tensor(name, shape, data));
    return name;
  }

  scalar(value: number): Value {
    return this.constant(`float ${value}`, [], Float32Array.of(value));
  }

  integers(values: readonly number[]): Value {
    return this.constant(`integers ${values.join(' ')}`, [values.length], BigInt64Array.from(values, BigInt));
  }

  /** @param shape 0: unchanged; -1, once: what remains */
  reshape(x: Value, shape: readonly number[]): Value {
    return this.apply('Reshape', [x, this.integers(shape)]);
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return this.apply('Transpose', [x], { perm });
  }

  private add(opType: string, input: readonly Value[], output: readonly Value[], attributes: Attributes): void {
    const name = `${opType}_${this.nodes.length}`;
    this.nodes.push({ name, opType, input, output, attribute: Object.entries(attributes).map(attribute) });
  }
}
