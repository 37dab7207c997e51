/** The part of ONNX's protobuf schema that these models need: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
import protobuf from 'protobufjs';

/** The first with Gelu, and the file format of its release. */
const OPSET = 20;
const IR_VERSION = 9;

const FLOAT = 1;
const INT64 = 7;

const SCHEMA = `
  syntax = "proto2";
  message Model {
    optional int64 ir_version = 1;
    optional string producer_name = 2;
    optional Graph graph = 7;
    repeated OperatorSet opset_import = 8;
    repeated Property metadata_props = 14;
  }
  message OperatorSet { optional string domain = 1; optional int64 version = 2; }
  message Property { optional string key = 1; optional string value = 2; }
  message Graph {
    repeated Node node = 1;
    optional string name = 2;
    repeated Tensor initializer = 5;
    repeated ValueInfo input = 11;
    repeated ValueInfo output = 12;
  }
  message Node {
    repeated string input = 1;
    repeated string output = 2;
    optional string name = 3;
    optional string op_type = 4;
    repeated Attribute attribute = 5;
  }
  message Attribute {
    optional string name = 1;
    optional float f = 2;
    optional int64 i = 3;
    repeated int64 ints = 8;
    optional int32 type = 20;
  }
  message Tensor { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9; }
  message ValueInfo { optional string name = 1; optional TypeOfValue type = 2; }
  message TypeOfValue { optional TensorType tensor_type = 1; }
  message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
`;

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
  const type = protobuf.parse(SCHEMA).root.lookupType('Model');
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
