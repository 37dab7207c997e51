/** The part of ONNX's protobuf schema that these models need: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
import protobuf, { type INamespace } from 'protobufjs';

/** The first with Gelu, and the file format of its release. */
const OPSET = 20;
const IR_VERSION = 9;

const FLOAT = 1;
const INT64 = 7;

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id });

const SCHEMA: INamespace = {
  nested: {
    Model: {
      fields: {
        irVersion: one('int64', 1),
        producerName: one('string', 2),
        graph: one('Graph', 7),
        opsetImport: many('OperatorSet', 8),
        metadataProps: many('Property', 14),
      },
    },
    OperatorSet: { fields: { domain: one('string', 1), version: one('int64', 2) } },
    Property: { fields: { key: one('string', 1), value: one('string', 2) } },
    Graph: {
      fields: {
        node: many('Node', 1),
        name: one('string', 2),
        initializer: many('Tensor', 5),
        input: many('ValueInfo', 11),
        output: many('ValueInfo', 12),
      },
    },
    Node: {
      fields: {
        input: many('string', 1),
        output: many('string', 2),
        name: one('string', 3),
        opType: one('string', 4),
        attribute: many('Attribute', 5),
      },
    },
    Attribute: {
      fields: {
        name: one('string', 1),
        f: one('float', 2),
        i: one('int64', 3),
        ints: { ...many('int64', 8), options: { packed: false } },
        type: one('int32', 20),
      },
    },
    Tensor: {
      fields: {
        dims: { ...many('int64', 1), options: { packed: false } },
        dataType: one('int32', 2),
        name: one('string', 8),
        rawData: one('bytes', 9),
      },
    },
    ValueInfo: { fields: { name: one('string', 1), type: one('TypeOfValue', 2) } },
    TypeOfValue: { fields: { tensorType: one('TensorType', 1) } },
    TensorType: { fields: { elemType: one('int32', 1), shape: one('Shape', 2) } },
    Shape: { fields: { dim: many('Dimension', 1) } },
    Dimension: { fields: { dimValue: one('int64', 1), dimParam: one('string', 2) } },
  },
};

/** An integer, a float (marked as such), or integers. */
export type AttributeValue = number | { readonly float: number } | readonly number[];

/** Objects as the functions below make them. */
export interface OnnxGraph {
  readonly name: string;
  readonly node: readonly object[];
  readonly initializer: readonly object[];
  readonly input: readonly object[];
  readonly output: readonly object[];
}

/** @param metadata free text about the model @returns the bytes of an `.onnx` file */
export function encodeOnnx(graph: OnnxGraph, metadata: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  const type = protobuf.Root.fromJSON(SCHEMA).lookupType('Model');
  const message = {
    irVersion: IR_VERSION,
    producerName: 'bi-vit-lens',
    graph,
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: [...metadata].map(([key, value]) => ({ key, value })),
  };
  return Uint8Array.from(type.encode(message).finish());
}

/** `type` is AttributeProto.AttributeType. */
export function attribute([name, value]: readonly [string, AttributeValue]): object {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  return 'float' in value ? { name, f: value.float, type: 1 } : { name, ints: value, type: 7 };
}

/** A constant, row-major; little-endian, as in ONNX and on every machine that runs this. */
export function tensor(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): object {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims, dataType: data instanceof Float32Array ? FLOAT : INT64, rawData };
}

/** @param shape a name stands for a size that is known when the model runs */
export function valueInfo(name: string, shape: readonly (number | string)[]): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
