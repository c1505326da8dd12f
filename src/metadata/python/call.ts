import type { SyntaxNode } from '@lezer/common';
import { fork, mergeValues } from './branch.ts';
import type { CallArguments } from './call-arguments.ts';
import { callFunction } from './call-function.ts';
import { evaluateComprehension } from './comprehension.ts';
import { ALWAYS, and } from './condition.ts';
import { spread } from './container-methods.ts';
import { evaluate } from './expression.ts';
import { callHigherOrder } from './higher-order.ts';
import { countStep, type Frame, MAX_STEPS, type Machine, tableOf } from './machine.ts';
import { callMethod } from './methods.ts';
import { callNative, isHarmless } from './natives.ts';
import { describe } from './operators.ts';
import { childrenOf, placeOf, textOf } from './syntax.ts';
import { taint } from './taint.ts';
import { MISSING, type Slot, unknown, type Value } from './value.ts';

/** `callee(arguments)`. A call of `setup` is recorded. */
export function evaluateCall(machine: Machine, frame: Frame, node: SyntaxNode): Value {
  const [calleeNode, list] = childrenOf(node);
  if (calleeNode === undefined || list === undefined)
    return unknown('something that is no call', placeOf(frame.source, node));
  const callee = evaluate(machine, frame, calleeNode);
  const args = evaluateArguments(machine, frame, list);
  // A name from a module that is not known (`from x import *`) is the real one where it is spelled so.
  if (callee.kind === 'unknown' && /(^|\.)setup$/u.test(textOf(frame.source, calleeNode)))
    return recordSetup(machine, args);
  return callValue(machine, frame, callee, args);
}

export function callValue(machine: Machine, frame: Frame, callee: Value, args: CallArguments): Value {
  switch (callee.kind) {
    case 'function':
      return callFunction(machine, callee, args);
    case 'method':
      return (
        callMethod(machine, callee.receiver, callee.name, args) ??
        opaqueMethod(machine, callee.receiver, callee.name, args)
      );
    case 'choice': {
      const [first, ...others] = callee.options;
      if (first === undefined) break;
      let one: Value = MISSING;
      let rest: Value = MISSING;
      const call = (value: Value): boolean => {
        one = callValue(machine, frame, value, args);
        return true;
      };
      const callRest = (): boolean => {
        rest =
          others.length === 1 && others[0] !== undefined
            ? callValue(machine, frame, others[0].value, args)
            : callValue(machine, frame, { kind: 'choice', options: others }, args);
        return true;
      };
      fork(machine, first.when, () => call(first.value), callRest);
      return mergeValues(first.when, one, rest);
    }
    case 'native':
      if (isSetup(callee.path)) return recordSetup(machine, args);
      return (
        callHigherOrder(machine, frame, callee.path, args) ??
        callNative(machine, callee.path, args) ??
        opaqueCall(machine, callee.path, args)
      );
  }
  const made = tableOf(machine, callee)?.rest;
  const known = callee.kind === 'unknown' ? callee.why : made?.why;
  return spoil(machine, args, unknown(known ?? `calls ${describe(callee)}`, args.place));
}

function evaluateArguments(machine: Machine, frame: Frame, list: SyntaxNode): CallArguments {
  const place = placeOf(frame.source, list);
  const nodes = childrenOf(list).slice(1, -1);
  if (nodes.some((node) => node.name === 'for')) {
    return { positional: [evaluateComprehension(machine, frame, list)], keywords: new Map(), rest: null, place };
  }
  const positional: Value[] = [];
  const keywords = new Map<string, Slot>();
  let rest: Value | null = null;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    const following = nodes[i + 1];
    if (node === undefined || node.name === ',') continue;
    if ((node.name === '*' || node.name === '**') && following !== undefined) {
      const value = evaluate(machine, frame, following);
      i++;
      if (node.name === '**') rest = addKeywords(machine, value, keywords, placeOf(frame.source, node)) ?? rest;
      else {
        const items = spread(machine, value, { place });
        const open = items.find((item) => item.value.kind === 'unknown' || item.when.kind !== 'always');
        if (open === undefined) positional.push(...items.map((item) => item.value));
        else rest = open.value.kind === 'unknown' ? open.value : unknown('passes arguments that are not known', place);
      }
    } else if (following?.name === 'AssignOp') {
      const value = nodes[i + 2];
      i += 2;
      if (value !== undefined)
        keywords.set(textOf(frame.source, node), {
          value: evaluate(machine, frame, value),
          place: placeOf(frame.source, node),
        });
    } else {
      positional.push(evaluate(machine, frame, node));
    }
  }
  return { positional, keywords, rest, place };
}

/** Adds the entries of `**value`; gives why there may be more. */
function addKeywords(machine: Machine, value: Value, keywords: Map<string, Slot>, place: Slot['place']): Value | null {
  const table = tableOf(machine, value);
  if (table === null) return value.kind === 'unknown' ? value : unknown(`spreads ${describe(value)}`, place);
  for (const [key, slot] of table.slots) keywords.set(key, slot);
  return table.rest;
}

/** Any `setup` that is imported counts: those of setuptools, distutils, numpy.distutils, scikit-build and their like. */
function isSetup(path: string): boolean {
  return /\.setup$/u.test(path) && path !== 'builtins.setup';
}

/** Each keeps the heap of its moment. */
const MAX_SETUP_CALLS = 20;

function recordSetup(machine: Machine, args: CallArguments): Value {
  const rest =
    args.rest === null || args.rest.kind === 'unknown'
      ? args.rest
      : unknown('passes arguments that are not known', args.place);
  if (machine.setupCalls.length >= MAX_SETUP_CALLS) countStep(machine, MAX_STEPS);
  machine.setupCalls.push({
    place: args.place,
    when: machine.path.length === 0 ? ALWAYS : and(machine.path),
    keywords: args.keywords,
    rest,
    heap: new Map(machine.heap),
  });
  // What setup() raises is caught by scripts that try again without their extensions.
  machine.opaqueCalls++;
  return { kind: 'native', path: 'setuptools.dist.Distribution()', place: args.place };
}

function opaqueMethod(machine: Machine, receiver: Value, name: string, args: CallArguments): Value {
  const cause = unknown(
    receiver.kind === 'unknown' ? receiver.why : `calls ${name} of ${describe(receiver)}`,
    args.place,
  );
  taint(machine, receiver, cause);
  return spoil(machine, args, cause);
}

function opaqueCall(machine: Machine, path: string, args: CallArguments): Value {
  machine.opaqueCalls++;
  if (!isHarmless(path)) spoil(machine, args, unknown(`calls ${path}`, args.place));
  return { kind: 'native', path: path.endsWith('()') ? path : `${path}()`, place: args.place };
}

/** After an unknown call, whatever it was given may have changed. */
function spoil(machine: Machine, args: CallArguments, cause: ReturnType<typeof unknown>): Value {
  machine.opaqueCalls++;
  for (const value of args.positional) taint(machine, value, cause);
  for (const slot of args.keywords.values()) taint(machine, slot.value, cause);
  return cause;
}
