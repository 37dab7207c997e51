/**
 * Reads a pickle as data: a machine with a stack and a memo that knows how to build lists, dictionaries and numbers, and that
 * can call nothing. What a pickle wants called is handed to `host`, which knows a few names and treats all others as inert.
 *
 * Every instruction takes at least one byte and pushes at most one value, so time and memory stay linear in the input.
 * Source: the instructions and their meaning as in Python's own documentation of `pickletools`.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { PickleBytes } from '@/lib/checkpoints/pickle-bytes';

/** What a pickle is made of. Tuples and lists are arrays, sets too; dictionaries are maps, so that no key is special. */
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

/** A name of something that Python would import: `collections.OrderedDict`. It is never inspected up. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** What the host made of a call; the machine passes it along and never looks inside. */
export interface PickleObject {
  readonly kind: string;
}

/** What the names in a pickle mean to whoever reads it. */
export interface PickleHost {
  /** `callee(*args)`, as REDUCE and NEWOBJ ask for. */
  readonly call: (callee: PickleValue, args: readonly PickleValue[]) => PickleValue;
  /** A value that the pickle keeps elsewhere: a storage. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

const MARK = Symbol('mark');
type Slot = PickleValue | typeof MARK;

/** A checkpoint of a thousand tensors needs some hundred thousand. */
const MAX_INSTRUCTIONS = 20_000_000;

/** @throws CheckpointError when the bytes are not a pickle, or one that only code could read */
export function readPickle(bytes: Uint8Array, host: PickleHost): PickleValue {
  return new Machine(new PickleBytes(bytes), host).run();
}

class Machine {
  private readonly stack: Slot[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly input: PickleBytes,
    private readonly host: PickleHost,
  ) {}

  run(): PickleValue {
    for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
      const code = this.input.byte();
      if (code === 0x2e /* . STOP */) return this.pop();
      this.step(code);
    }
    throw damaged('it has more instructions than any checkpoint needs');
  }

  private step(code: number): void {
    const { input } = this;
    switch (String.fromCharCode(code)) {
      case '\x80': // PROTO
        return this.checkProtocol(input.byte());
      case '\x95': // FRAME
        return void input.uint64();
      case '(':
        return void this.stack.push(MARK);
      case '0': // POP
        return void this.stack.pop();
      case '1': // POP_MARK
        return void this.popToMark();
      case '2': // DUP
        return this.push(this.top());
      case 'N':
        return this.push(null);
      case '\x88':
        return this.push(true);
      case '\x89':
        return this.push(false);
      case 'J':
        return this.push(input.int32());
      case 'K':
        return this.push(input.byte());
      case 'M':
        return this.push(input.uint16());
      case '\x8a': // LONG1
        return this.push(input.long(input.byte()));
      case '\x8b': // LONG4
        return this.push(input.long(input.uint32()));
      case 'G':
        return this.push(input.float64());
      case 'X':
        return this.push(input.text(input.uint32()));
      case '\x8c': // SHORT_BINUNICODE
        return this.push(input.text(input.byte()));
      case '\x8d': // BINUNICODE8
        return this.push(input.text(input.uint64()));
      case 'U': // SHORT_BINSTRING
        return this.push(input.text(input.byte()));
      case 'T': // BINSTRING
        return this.push(input.text(input.uint32()));
      case 'C': // SHORT_BINBYTES
        return this.push(input.bytes(input.byte()));
      case 'B': // BINBYTES
        return this.push(input.bytes(input.uint32()));
      case '\x8e': // BINBYTES8
      case '\x96': // BYTEARRAY8
        return this.push(input.bytes(input.uint64()));
      case ')':
      case ']':
      case '\x8f': // EMPTY_SET
        return this.push([]);
      case '}':
        return this.push(new Map());
      case 't':
      case 'l':
      case '\x91': // FROZENSET
        return this.push(this.popToMark());
      case 'd':
        return this.push(setAll(new Map(), this.popToMark()));
      case '\x85':
        return this.push(this.popMany(1));
      case '\x86':
        return this.push(this.popMany(2));
      case '\x87':
        return this.push(this.popMany(3));
      case 'a': // APPEND
        return this.append(this.popMany(1));
      case 'e': // APPENDS
      case '\x90': // ADDITEMS
        return this.append(this.popToMark());
      case 's': // SETITEM
        return this.set(this.popMany(2));
      case 'u': // SETITEMS
        return this.set(this.popToMark());
      case 'q':
        return this.remember(input.byte());
      case 'r':
        return this.remember(input.uint32());
      case '\x94': // MEMOIZE
        return this.remember(this.memo.size);
      case 'h':
        return this.recall(input.byte());
      case 'j':
        return this.recall(input.uint32());
      case 'c':
        return this.push(new PickleGlobal(`${input.line()}.${input.line()}`));
      case '\x93': // STACK_GLOBAL
        return this.pushStackGlobal(this.popMany(2));
      case 'R': // REDUCE
      case '\x81': // NEWOBJ
        return this.call(this.popMany(2));
      case 'b': // BUILD: an object's own fields, which nothing here has a use for
        return void this.popMany(1);
      case 'Q': // BINPERSID
        return this.push(this.host.persistent(this.pop()));
      default:
        throw damaged(`it uses the instruction 0x${code.toString(16)}, which no checkpoint of tensors needs`);
    }
  }

  private checkProtocol(version: number): void {
    if (version < 2 || version > 5) throw damaged(`its protocol ${version} is not one of 2 to 5`);
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw damaged('an instruction finds nothing on the stack');
    return value;
  }

  private top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  private popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  private popToMark(): PickleValue[] {
    const start = this.stack.lastIndexOf(MARK);
    if (start < 0) throw damaged('an instruction finds no mark on the stack');
    return this.stack.splice(start).slice(1) as PickleValue[]; // no mark lies above the last one
  }

  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw damaged('it appends to something that is no list');
    for (const item of items) list.push(item);
  }

  private set(pairs: readonly PickleValue[]): void {
    const dictionary = this.top();
    if (!(dictionary instanceof Map)) throw damaged('it sets items of something that is no dictionary');
    setAll(dictionary, pairs);
  }

  private remember(place: number): void {
    this.memo.set(place, this.top());
  }

  private recall(place: number): void {
    const value = this.memo.get(place);
    if (value === undefined) throw damaged('it recalls what it never stored');
    this.push(value);
  }

  private pushStackGlobal([module, name]: readonly PickleValue[]): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw damaged('it names something that is no name');
    this.push(new PickleGlobal(`${module}.${name}`));
  }

  private call([callee = null, args]: readonly PickleValue[]): void {
    if (!Array.isArray(args)) throw damaged('it calls something without a list of arguments');
    this.push(this.host.call(callee, args));
  }
}

function setAll(dictionary: Map<PickleValue, PickleValue>, pairs: readonly PickleValue[]) {
  if (pairs.length % 2 !== 0) throw damaged('a dictionary has a key without a value');
  for (let i = 0; i < pairs.length; i += 2) dictionary.set(pairs[i] ?? null, pairs[i + 1] ?? null);
  return dictionary;
}

function damaged(what: string): CheckpointError {
  return new CheckpointError(
    `The list of tensors in this .pth file cannot be read: ${what}. Save it again with torch.save, or convert it to .safetensors.`,
  );
}
