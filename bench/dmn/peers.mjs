// The engines that `kiepe bench dmn` compares with, each used as its documentation says. Reads one question a line from standard input,
// answers one JSON line: `time <task>` gives {"ns": ...} of one operation, measured now; `version <package>` gives {"version": ...}.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** The module, or undefined where it is not installed. */
async function optional(name) {
  try {
    return await import(name);
  } catch {
    return undefined;
  }
}

function version(name) {
  try {
    return JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
  } catch {
    return undefined;
  }
}

/** feelin's public functions take the text of the expression: they parse it at each call. */
async function feelinTasks() {
  const feelin = await optional("feelin");
  if (!feelin) return {};
  const evaluate = (text, context, expected) => {
    const check = feelin.evaluate(text, context).value;
    if (check !== expected) throw new Error(`feelin gives ${check} for ${text}`);
    return () => feelin.evaluate(text, context);
  };
  const test = (text, input) => {
    const context = { "?": input };
    if (feelin.unaryTest(text, context).value !== true) throw new Error(`feelin does not accept ${input} for ${text}`);
    return () => feelin.unaryTest(text, context);
  };
  return {
    "feelin if": evaluate("if a > 10 then a * 1.19 + b else a - b", { a: 12, b: 3 }, 17.28),
    "feelin sum": evaluate("sum(for i in 1..100 return i * i)", {}, 338350),
    "feelin test": test("[18..65], > 100", 120),
  };
}

/**
 * Nanoseconds of processor time of one call, with all threads of the process: the collector of garbage belongs to the work. Waiting for a
 * processor does not, so that a busy machine lengthens neither side.
 */
function measure(work) {
  const run = (calls) => {
    const begin = process.cpuUsage();
    for (let i = 0; i < calls; i++) work();
    const { user, system } = process.cpuUsage(begin);
    return (user + system) * 1000;
  };
  for (let spent = 0; spent < 2e8; ) spent += run(20); // for the compiler
  let calls = 20;
  while (run(calls) < 5e7) calls *= 2;
  return run(4 * calls) / (4 * calls);
}

const tasks = { ...(await feelinTasks()) };

/** A decision table of dmn-eval-js, parsed once; `questions` in turns, each must get its answer. */
async function tableTask({ file, decision, output, questions, answers }) {
  const engine = await optional("@hbtgmbh/dmn-eval-js");
  if (!engine) return undefined;
  const { decisionTable } = engine.default ?? engine;
  const decisions = await decisionTable.parseDmnXml(readFileSync(file, "utf8"));
  const evaluate = (i) => decisionTable.evaluateDecision(decision, decisions, questions[i]);
  questions.forEach((question, i) => {
    const given = evaluate(i)?.[output];
    if (given !== answers[i]) throw new Error(`dmn-eval-js gives ${given} instead of ${answers[i]} for ${JSON.stringify(question)}`);
  });
  let next = 0;
  return () => evaluate(next++ % questions.length);
}

async function answer(line) {
  const [verb, ...rest] = line.split(" ");
  const what = rest.join(" ");
  if (verb === "time" && what.startsWith("dmn-eval-js ")) {
    const task = await tableTask(JSON.parse(what.slice("dmn-eval-js ".length)));
    return task ? { ns: measure(task) } : {};
  }
  if (verb === "version") return { version: version(what) };
  if (verb === "time" && tasks[what]) return { ns: measure(tasks[what]) };
  return {};
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await answer(line)));
