/** Puts an ONNX graph together operation by operation; a checkpoint's tensors become its constants. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import type { AttributeValue, GraphConstant, GraphNode } from '@/scripts/onnx/protobuf';

/** The name of a value of the graph. */
export type Value = string;

export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  private readonly held = new Map<string, GraphConstant>();

  constructor(private readonly tensors: ReadonlyMap<string, CheckpointTensor>) {}

  get constants(): readonly GraphConstant[] {
    return [...this.held.values()];
  }

  /** An operation with one result. */
  apply(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, AttributeValue>> = {}): Value {
    const [output] = this.applyAll(type, inputs, 1, attributes);
    if (output === undefined) throw new Error('an operation without a result');
    return output;
  }

  applyAll(
    type: string,
    inputs: readonly Value[],
    count: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): readonly Value[] {
    const outputs = Array.from({ length: count }, (_, i) => `${type}_${this.nodes.length}_${i}`);
    this.nodes.push({ type, inputs, outputs, attributes });
    return outputs;
  }

  /** Gives the result of `from` the name that the caller of the model knows. */
  name(from: Value, name: string): Value {
    this.nodes.push({ type: 'Identity', inputs: [from], outputs: [name], attributes: {} });
    return name;
  }

  /** A tensor of the checkpoint, as it is. @throws Error when it is missing, or not of floats */
  weight(key: string): Value {
    const { shape, data } = this.floats(key);
    return this.hold({ name: key, shape, data });
  }

  /** [O, I] of the checkpoint as [I, O]. @throws Error as `weight` */
  transposed(key: string): Value {
    const { shape, data } = this.floats(key);
    const [rows = 0, columns = 0] = shape;
    const turned = new Float32Array(data.length);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        turned[column * rows + row] = data[row * columns + column] ?? NaN;
    return this.hold({ name: `${key}^T`, shape: [columns, rows], data: turned });
  }

  /** @throws Error as `weight` */
  floats(key: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
    const tensor = this.tensors.get(key);
    if (tensor === undefined) throw new Error(`The checkpoint has no tensor "${key}".`);
    if (!(tensor.data instanceof Float32Array))
      throw new Error(`The tensor "${key}" is of type ${tensor.dtype}; a model of full precision has floats there.`);
    return { shape: tensor.shape, data: tensor.data };
  }

  floatConstant(name: string, shape: readonly number[], data: Float32Array): Value {
    return this.hold({ name, shape, data });
  }

  scalar(value: number): Value {
    return this.hold({ name: `float ${value}`, shape: [], data: Float32Array.of(value) });
  }

  integers(values: readonly number[]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.hold({ name: `integers ${values.join(' ')}`, shape: [values.length], data });
  }

  /** @param shape 0: as it was at this place; -1, once: what remains */
  reshape(x: Value, shape: readonly number[]): Value {
    return this.apply('Reshape', [x, this.integers(shape)]);
  }

  transpose(x: Value, perm: readonly number[]): Value {
    return this.apply('Transpose', [x], { perm });
  }

  private hold(constant: GraphConstant): Value {
    this.held.set(constant.name, constant);
    return constant.name;
  }
}
