#!/usr/bin/env python3
"""Writes what the tools' own stopping rules decide on made-up curves, for RecordedRulesTest. See README.md."""

import argparse
import ast
import functools
import importlib.metadata
import importlib.util
import itertools
import os
import pathlib
import random
import sys
import types
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.filterwarnings("ignore")

import numpy as np

NAN, INF = float("nan"), float("inf")


def curves(times):
    """(name, goal, kind, values): ties and exact edges of min-delta, two decimals, noise, NaN, infinities, long ones."""
    out = []
    for kind, count in (("grid", 24), ("cents", 24), ("noise", 16), ("nan", 20), ("inf", 16), ("long", 24)):
        for i in range(count * times):
            r = random.Random(f"{kind} {i}")
            goal = "max" if i % 2 else "min"
            length = r.randint(60, 90) if kind == "long" else r.randint(6, 30)
            speed, turn = r.uniform(1, 12), r.uniform(0.2, 1.5) * length
            noise = r.choice([0.0, 0.02, 0.1])
            values = []
            for t in range(1, length + 1):
                rise = 1 - np.exp(-t / speed) - max(0.0, t - turn) / length + noise * r.gauss(0, 1)
                level = rise if goal == "max" else 1.5 - rise
                if kind == "cents":
                    value = round(level, 2)
                elif kind in ("noise", "long"):
                    value = float(f"{level + r.gauss(0, 1e-3):.6g}")
                else:
                    value = round(level * 64) / 64
                if kind in ("nan", "inf") and (r.random() < 0.15 or (t == 1 and i % 5 == 0)):
                    value = NAN if kind == "nan" else r.choice([INF, -INF, INF, NAN])
                values.append(value)
            if kind == "nan" and i == 19:
                values = [NAN] * length
            out.append((f"{kind}{i}", goal, kind, values))
    return out


def settings(curve, rows, count=4):
    """A few of a rule's settings for one curve, always the same."""
    rows = list(rows)
    return random.Random("settings " + curve).sample(rows, min(count, len(rows)))


DELTAS = [0.0, 1 / 64, 0.01, 0.1]


def site(name):
    return pathlib.Path(importlib.util.find_spec(name).submodule_search_locations[0])


def xgboost(curve, goal, kind, values):
    from xgboost.callback import EarlyStopping

    class Model:
        def num_boosted_rounds(self):
            return 0

        def set_attr(self, **_):
            pass

    for rounds, delta in settings(curve, itertools.product([1, 2, 3, 5], DELTAS)):
        rule = EarlyStopping(rounds=rounds, maximize=goal == "max", min_delta=delta)
        model = rule.before_training(Model())
        told = []
        for i in range(len(values)):
            told.append(bool(rule.after_iteration(model, i, {"valid": {"m": values[: i + 1]}})))
        yield (rounds, delta), told


def lightgbm(curve, goal, kind, values):
    import lightgbm as lgb
    from lightgbm.basic import EvalResult
    from lightgbm.callback import CallbackEnv, EarlyStopException

    for rounds, delta in settings(curve, itertools.product([1, 2, 3, 5], DELTAS)):
        rule = lgb.early_stopping(rounds, verbose=False, min_delta=delta)
        told = []
        for i, value in enumerate(values):
            result = EvalResult(dataset_name="valid", metric_name="m", metric_value=value, maximize=goal == "max")
            try:
                rule(CallbackEnv(model=None, params={}, iteration=i, begin_iteration=0, end_iteration=10**9,
                                 evaluation_result_list=[result]))
                told.append(False)
            except EarlyStopException:
                told.append(True)
        yield (rounds, delta), told


def keras(curve, goal, kind, values):
    from keras.callbacks import EarlyStopping

    middle = 0.5 if goal == "max" else 1.0
    for patience, delta, baseline, start in settings(
            curve, itertools.product([0, 1, 2, 3, 5], DELTAS, [None, None, middle], [0, 0, 4]), 6):
        rule = EarlyStopping(monitor="m", mode=goal, patience=patience, min_delta=delta, baseline=baseline,
                             start_from_epoch=start)
        model = types.SimpleNamespace(stop_training=False)
        rule.set_model(model)
        rule.on_train_begin()
        told = []
        for epoch, value in enumerate(values):
            model.stop_training = False
            rule.on_epoch_end(epoch, {"m": value})
            told.append(model.stop_training)
        yield (patience, delta, NAN if baseline is None else baseline, start), told


def lightning(curve, goal, kind, values):
    rule_class, tensor = lightning_class()
    far = (0.9, 0.2) if goal == "max" else (0.6, 1.3)
    for patience, delta, threshold, divergence, finite in settings(
            curve, itertools.product([0, 1, 2, 3, 5], DELTAS, [None, None, far[0]], [None, None, far[1]], [True, False]), 6):
        rule = rule_class("m", mode=goal, patience=patience, min_delta=delta, stopping_threshold=threshold,
                          divergence_threshold=divergence, check_finite=finite)
        told = [rule._evaluate_stopping_criteria(tensor(value))[0] for value in values]
        yield (patience, delta, NAN if threshold is None else threshold, NAN if divergence is None else divergence, finite), told


@functools.cache
def lightning_class():
    """Lightning's class as it is, on PyTorch where that is installed, else on 32-bit numbers that do what it asks of a tensor."""
    try:
        import torch
        from pytorch_lightning.callbacks import EarlyStopping
        return EarlyStopping, torch.tensor
    except ImportError:
        pass

    class Tensor:
        device = None

        def __init__(self, value):
            self.value = np.float32(value)

        def to(self, _):
            return self

        def __sub__(self, other):
            return Tensor(self.value - (other.value if isinstance(other, Tensor) else other))

        def __neg__(self):
            return Tensor(-self.value)

        def __abs__(self):
            return Tensor(abs(self.value))

        def __format__(self, spec):
            return format(float(self.value), spec)

    def value(x):
        return x.value if isinstance(x, Tensor) else x

    torch = types.ModuleType("torch")
    torch.Tensor, torch.tensor, torch.inf = Tensor, Tensor, INF
    torch.lt = lambda a, b: bool(np.less(value(a), value(b)))
    torch.gt = lambda a, b: bool(np.greater(value(a), value(b)))
    torch.isfinite = lambda a: bool(np.isfinite(value(a)))
    base = types.ModuleType("callback")
    base.Callback = object
    errors = types.ModuleType("exceptions")
    errors.MisconfigurationException = ValueError
    ranks = types.ModuleType("rank_zero")
    ranks.rank_prefixed_message = ranks.rank_zero_warn = None
    stubs = {"torch": torch, "pytorch_lightning": types.ModuleType("pl"), "pytorch_lightning.callbacks": base,
             "pytorch_lightning.callbacks.callback": base, "pytorch_lightning.utilities": errors,
             "pytorch_lightning.utilities.exceptions": errors, "pytorch_lightning.utilities.rank_zero": ranks}
    path = site("pytorch_lightning") / "callbacks" / "early_stopping.py"
    return module_of(path, stubs).EarlyStopping, Tensor


@functools.cache
def trainer_method():
    """Hugging Face's trainer cannot be imported without PyTorch; its method that keeps the best metric can be read."""
    source = (site("transformers") / "trainer.py").read_text()
    method = next(node for node in ast.walk(ast.parse(source))
                  if isinstance(node, ast.FunctionDef) and node.name == "_determine_best_metric")
    method.args.args[1].annotation = method.args.args[2].annotation = None
    names = {"np": np, "SaveStrategy": types.SimpleNamespace(STEPS="steps", EPOCH="epoch", BEST="best")}
    exec(compile(ast.Module([method], []), "trainer.py", "exec"), names)
    return names["_determine_best_metric"]


def transformers(curve, goal, kind, values):
    from transformers.trainer_callback import EarlyStoppingCallback

    for patience, threshold in settings(curve, itertools.product([1, 2, 3, 5], DELTAS)):
        rule = EarlyStoppingCallback(patience, threshold)
        args = types.SimpleNamespace(metric_for_best_model="m", greater_is_better=goal == "max", save_strategy="steps")
        state = types.SimpleNamespace(best_metric=None, best_global_step=None, global_step=0)
        control = types.SimpleNamespace(should_training_stop=False)
        trainer = types.SimpleNamespace(args=args, state=state)
        told = []
        for value in values:
            control.should_training_stop = False
            rule.on_evaluate(args, state, control, {"eval_m": value})
            trainer_method()(trainer, {"eval_m": value}, None)
            told.append(control.should_training_stop)
        yield (patience, threshold), told


@functools.cache
def plateau_stopper():
    """Ray's class as it is, without the rest of Ray."""
    stopper, annotations = types.ModuleType("stopper"), types.ModuleType("annotations")
    stopper.Stopper = object
    annotations.PublicAPI = lambda rule: rule
    packages = {name: types.ModuleType(name) for name in ("ray", "ray.tune", "ray.tune.stopper", "ray.util")}
    stubs = {"ray.tune.stopper.stopper": stopper, "ray.util.annotations": annotations, **packages}
    return module_of(site("ray") / "tune" / "stopper" / "trial_plateau.py", stubs).TrialPlateauStopper


def module_of(path, stubs):
    """A file as a module that imports stubs in place of what it names."""
    saved = {name: sys.modules.get(name) for name in stubs}
    sys.modules.update(stubs)
    module = types.ModuleType(path.stem)
    try:
        exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    finally:
        for name, old in saved.items():
            sys.modules.pop(name)
            if old is not None:
                sys.modules[name] = old
    return module


def ray(curve, goal, kind, values):
    for std, results, grace, threshold in settings(
            curve, itertools.product([0.005, 0.01, 0.03, 0.1], [2, 4, 10], [1, 8], [None, 0.75])):
        rule = plateau_stopper()("m", std=std, num_results=results, grace_period=grace, metric_threshold=threshold, mode=goal)
        told = [bool(rule("t", {"m": value})) for value in values]
        yield (std, results, grace, NAN if threshold is None else threshold), told


def catboost(curve, goal, kind, values):
    """Only the first stop shows: the rule is inside, and is fed by a metric of our own while trees are grown for nothing."""
    import catboost

    if kind in ("nan", "inf"):
        return
    later = values + [values[-1]]  # one more round, so that a stop at the last value differs from none

    class Metric:
        def __init__(self):
            self.seen = 0

        def is_max_optimal(self):
            return goal == "max"

        def evaluate(self, approxes, target, weight):
            if len(target) != 7:
                return 0.0, 1.0
            self.seen += 1
            return later[self.seen - 1], 1.0

        def get_final_error(self, error, weight):
            return error

    x = np.arange(20.0).reshape(10, 2)
    y = np.arange(10.0)
    for rule, p, wait in settings(curve, itertools.chain(
            itertools.product(["Wilcoxon"], [0.01, 0.05, 0.3], [1, 5, 10]),
            itertools.product(["IncToDec"], [0.1, 0.5, 0.9], [1, 5, 10]),
            itertools.product(["Iter"], [1.0], [1, 5, 10])), 18 if kind == "long" else 6):
        if rule == "Wilcoxon" and kind != "long":
            continue  # with ties of a rise and a fall the order of an unstable sort decides
        model = catboost.CatBoostRegressor(
            iterations=len(later), eval_metric=Metric(), od_type=rule, od_wait=wait, depth=1, thread_count=1,
            logging_level="Silent", allow_writing_files=False, use_best_model=False,
            **({} if rule == "Iter" else {"od_pval": p}))
        model.fit(x, y, eval_set=(x[:7], y[:7]))
        stop = model.tree_count_
        yield (rule, p, wait), [i + 1 == stop for i in range(len(values))]


TOOLS = {
    "xgboost": (xgboost, "rounds,min_delta"),
    "lightgbm": (lightgbm, "rounds,min_delta"),
    "keras": (keras, "patience,min_delta,baseline,start"),
    "pytorch_lightning": (lightning, "patience,min_delta,stopping,divergence,finite"),
    "transformers": (transformers, "patience,threshold"),
    "ray": (ray, "std,results,grace,threshold"),
    "catboost": (catboost, "rule,p,wait"),
}


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(value), repr(value))
    return str(value)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--out", type=pathlib.Path, required=True)
    arguments.add_argument("--only", choices=TOOLS)
    arguments.add_argument("--times", type=int, default=1, help="so many times as many curves")
    args = arguments.parse_args()
    made = curves(args.times)
    with open(args.out / "curves.csv", "w", newline="\n") as file:
        file.write("curve,goal,kind,values\n")
        for name, goal, kind, values in made:
            file.write(f"{name},{goal},{kind},{' '.join(text(float(v)) for v in values)}\n")
    for tool, (rule, columns) in TOOLS.items():
        if args.only not in (None, tool):
            continue
        rows = 0
        with open(args.out / f"{tool}.csv", "w", newline="\n") as file:
            file.write(f"# {tool} {importlib.metadata.version(tool)}\n")
            file.write(f"curve,{columns},stops\n")
            for name, goal, kind, values in made:
                for setting, told in rule(name, goal, kind, values):
                    stops = "".join("1" if told_stop else "0" for told_stop in told)
                    file.write(",".join([name, *map(text, setting), stops]) + "\n")
                    rows += 1
        print(tool, rows)


if __name__ == "__main__":
    main()
