/**
 * Reads a pickle as data: a machine with a stack and a memo that can build lists, dictionaries and numbers, and call nothing.
 * What the pickle wants to call goes to `host`, which knows a few names and treats all others as inert.
 *
 * Every instruction takes at least one byte and pushes at most one value, so time and memory are linear in the input.
 * Source: the instructions and their meaning in Python's `pickletools`.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { PickleBytes } from '@/lib/checkpoints/pickle-bytes';

/** Tuples, lists and sets are arrays; dictionaries are maps, so that no key is special. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleObject;

/** The name of something that Python would import, such as `collections.OrderedDict`. It is never looked up. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** The host's result of a call; the machine passes it on without inspecting it. */
export interface PickleObject {
  readonly kind: string;
}

/** Gives the names in a pickle their meaning. */
export interface PickleHost {
  /** `callee(*args)`, for REDUCE and NEWOBJ. */
  readonly call: (callee: PickleValue, args: readonly PickleValue[]) => PickleValue;
  /** A value stored outside the pickle: a storage. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

/** A checkpoint of a thousand tensors needs a few hundred thousand. */
const MAX_INSTRUCTIONS = 20_000_000;
const STOP = '.';

/** @throws CheckpointError when the bytes are not a pickle, or one that only code could read */
export function readPickle(bytes: Uint8Array, host: PickleHost): PickleValue {
  const machine = new Machine(new PickleBytes(bytes), host);
  for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
    const code = machine.input.uint8();
    const instruction = String.fromCharCode(code);
    if (instruction === STOP) return machine.pop();
    const execute = INSTRUCTIONS[instruction];
    if (execute === undefined)
      throw damaged(`it uses the instruction 0x${code.toString(16)}, which no checkpoint of tensors needs`);
    execute(machine);
  }
  throw damaged('it has more instructions than any checkpoint needs');
}

const MARK = Symbol('mark');

class Machine {
  readonly stack: (PickleValue | typeof MARK)[] = [];
  readonly memo = new Map<number, PickleValue>();

  constructor(
    readonly input: PickleBytes,
    readonly host: PickleHost,
  ) {}

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw damaged('an instruction finds nothing on the stack');
    return value;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  popToMark(): PickleValue[] {
    const start = this.stack.lastIndexOf(MARK);
    if (start < 0) throw damaged('an instruction finds no mark on the stack');
    return this.stack.splice(start).slice(1) as PickleValue[]; // there is no mark above the last one
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw damaged('it appends to something that is not a list');
    for (const item of items) list.push(item);
  }

  setItems(pairs: readonly PickleValue[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map)) throw damaged('it sets items of something that is not a dictionary');
    if (pairs.length % 2 !== 0) throw damaged('a dictionary has a key without a value');
    for (let i = 0; i < pairs.length; i += 2) dictionary.set(pairs[i] ?? null, pairs[i + 1] ?? null);
  }

  remember(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw damaged('it recalls something it never stored');
    this.push(value);
  }

  checkProtocol(version: number): void {
    if (version < 2 || version > 5) throw damaged(`its protocol ${version} is not one of 2 to 5`);
  }

  pushGlobal([module, name]: readonly PickleValue[]): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a name in it is not text');
    this.push(new PickleGlobal(`${module}.${name}`));
  }

  call([callee = null, args]: readonly PickleValue[]): void {
    if (!Array.isArray(args)) throw damaged('it calls something without a list of arguments');
    this.push(this.host.call(callee, args));
  }
}

/** By the character that stands for each. */
const INSTRUCTIONS: { readonly [code: string]: (machine: Machine) => void } = {
  '\x80': (m) => m.checkProtocol(m.input.uint8()), // PROTO
  '\x95': (m) => void m.input.uint64(), // FRAME
  '(': (m) => void m.stack.push(MARK),
  '0': (m) => void m.stack.pop(), // POP
  '1': (m) => void m.popToMark(), // POP_MARK
  '2': (m) => m.push(m.top()), // DUP
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  J: (m) => m.push(m.input.int32()),
  K: (m) => m.push(m.input.uint8()),
  M: (m) => m.push(m.input.uint16()),
  '\x8a': (m) => m.push(m.input.long(m.input.uint8())), // LONG1
  '\x8b': (m) => m.push(m.input.long(m.input.uint32())), // LONG4
  G: (m) => m.push(m.input.float64()),
  X: (m) => m.push(m.input.text(m.input.uint32())),
  '\x8c': (m) => m.push(m.input.text(m.input.uint8())), // SHORT_BINUNICODE
  '\x8d': (m) => m.push(m.input.text(m.input.uint64())), // BINUNICODE8
  U: (m) => m.push(m.input.text(m.input.uint8())), // SHORT_BINSTRING
  T: (m) => m.push(m.input.text(m.input.uint32())), // BINSTRING
  C: (m) => m.push(m.input.bytes(m.input.uint8())), // SHORT_BINBYTES
  B: (m) => m.push(m.input.bytes(m.input.uint32())), // BINBYTES
  '\x8e': (m) => m.push(m.input.bytes(m.input.uint64())), // BINBYTES8
  '\x96': (m) => m.push(m.input.bytes(m.input.uint64())), // BYTEARRAY8
  ')': (m) => m.push([]), // EMPTY_TUPLE
  ']': (m) => m.push([]), // EMPTY_LIST
  '\x8f': (m) => m.push([]), // EMPTY_SET
  '}': (m) => m.push(new Map()),
  t: (m) => m.push(m.popToMark()), // TUPLE
  l: (m) => m.push(m.popToMark()), // LIST
  '\x91': (m) => m.push(m.popToMark()), // FROZENSET
  d: (m) => {
    const pairs = m.popToMark();
    m.push(new Map());
    m.setItems(pairs);
  },
  '\x85': (m) => m.push(m.popMany(1)), // TUPLE1
  '\x86': (m) => m.push(m.popMany(2)), // TUPLE2
  '\x87': (m) => m.push(m.popMany(3)), // TUPLE3
  a: (m) => m.append(m.popMany(1)), // APPEND
  e: (m) => m.append(m.popToMark()), // APPENDS
  '\x90': (m) => m.append(m.popToMark()), // ADDITEMS
  s: (m) => m.setItems(m.popMany(2)), // SETITEM
  u: (m) => m.setItems(m.popToMark()), // SETITEMS
  q: (m) => m.remember(m.input.uint8()),
  r: (m) => m.remember(m.input.uint32()),
  '\x94': (m) => m.remember(m.memo.size), // MEMOIZE
  h: (m) => m.recall(m.input.uint8()),
  j: (m) => m.recall(m.input.uint32()),
  c: (m) => m.pushGlobal([m.input.line(), m.input.line()]),
  '\x93': (m) => m.pushGlobal(m.popMany(2)), // STACK_GLOBAL
  R: (m) => m.call(m.popMany(2)), // REDUCE
  '\x81': (m) => m.call(m.popMany(2)), // NEWOBJ
  b: (m) => void m.pop(), // BUILD: an object's own fields, which nothing here uses
  Q: (m) => m.push(m.host.persistent(m.pop())), // BINPERSID
};

function damaged(what: string): CheckpointError {
  return new CheckpointError(
    `The list of tensors in this .pth file cannot be read: ${what}. Save it again with torch.save, or convert it to .safetensors.`,
  );
}
