"""Decides, while a training run is still going, whether it is worth finishing.

Asks a model that stopcast has exported as one ONNX graph; needs onnxruntime and numpy, and nothing else. Copy this file
beside your training script, or put its folder on the path::

    watch = stopcast.Model("pipeline.onnx").watch("val_accuracy", planned=200)
    for epoch in range(200):
        if watch.observe(epoch, train_one_epoch()):
            break

Callbacks for training libraries stand below; each imports its library when it is made. They take a `Model`, the metric to
judge by, and the further arguments of `Model.watch`. What was decided last is at `callback.watch.decision`.

None of it ever harms a training: what fails is logged as a warning of the logger `stopcast`, at most once a minute, and the
run goes on. A NaN never stops a run. Only wrong arguments are raised, where they are given.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import logging
import math
import numbers
import os
import sys
import time

import numpy
import onnxruntime

_INPUTS = {
    "values", "reported", "costs", "train_losses", "train_values", "maximize", "planned", "planned_cost", "price",
    "task", "run", "parameter_names", "parameter_numbers", "parameter_texts",
}  # fmt: skip
_OUTPUTS = ["probability", "threshold", "stop"]
_HELD_OUT = ("validation", "valid", "val", "eval", "test", "dev")
_LONGEST_TEXT = 100
_ALL_JUDGED = 4096


@dataclasses.dataclass(frozen=True)
class Decision:
    """What to do about a run; true if it should stop.

    stop: whether to stop.
    probability: that stopping is right, as far as the model knew when it was asked last, within 0..1; NaN if it was not asked
        yet, or failed.
    threshold: from which probability on it stops; NaN as above.
    reason: one line for people; empty while the run goes on.
    best_step, best_value: where the best finite value so far was; None and NaN before the first one.
    """

    stop: bool = False
    probability: float = math.nan
    threshold: float = math.nan
    reason: str = ""
    best_step: int | None = None
    best_value: float = math.nan

    def __bool__(self):
        return self.stop


class Model:
    """A pipeline, loaded once and asked by any number of runs and threads, on one core. Can be pickled, as its path.

    sha256: of the model that the pipeline was made of; None if the file does not say.

    Raises ValueError for a model that is no pipeline, and what onnxruntime raises for a file that is no model.
    """

    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.path = os.path.abspath(path)
        self._session = onnxruntime.InferenceSession(self.path, options, providers=["CPUExecutionProvider"])
        given = {each.name for each in self._session.get_inputs()}
        if given != _INPUTS:
            raise ValueError(f"{path} is no pipeline: it takes {sorted(given)}, but a pipeline takes {sorted(_INPUTS)}")
        self.sha256 = self._session.get_modelmeta().custom_metadata_map.get("stopcast.model.sha256")

    def __reduce__(self):
        return Model, (self.path,)

    def watch(
        self,
        objective,
        goal="max",
        planned=None,
        planned_cost=None,
        price=0.1,
        task=None,
        context=None,
        run=None,
        log=None,
        source=None,
    ):
        """Begins to watch a run.

        objective: the name of the metric that the run is judged by.
        goal: "max" or "min".
        planned: how many values of the objective the whole run would report, at least 1; None if unknown.
        planned_cost: what the whole run would cost, in the unit of the costs that are observed; None if unknown.
        price: what a full run's compute is worth, in units of what the task has to gain; positive.
        task, source: by which the model finds earlier runs, together with the objective; as in the history that it learned
            from.
        context: hyper-parameters by name, which tell earlier runs that were alike. Numbers count as such, all else as text.
        run: the run's name, by which it does not see itself among the earlier runs.
        log: a file to which `Watch.close` appends the run in stopcast's own form, for `replay`, `import` and `retrain`.

        Raises ValueError or TypeError for wrong arguments.
        """
        task = "unnamed" if task is None else str(task)
        run = "unnamed" if run is None else str(run)
        source = "live" if source is None else str(source)
        return Watch(self, objective, goal, planned, planned_cost, price, task, context, run, log, source)

    def _ask(self, inputs):
        probability, threshold, stop = self._session.run(_OUTPUTS, inputs)
        return float(probability.item()), float(threshold.item()), bool(stop.item())


class Watch:
    """One run, as it goes; made by `Model.watch`. For one thread at a time.

    decision: the last one.

    Keeps at most 82 bytes a step. Every value of the objective is judged from all that came before it: on one core of a small
    server 3 ms at the start, 9 ms after 100 values, 40 ms after 1,000, 0.15 s after 4,000. Beyond 4,096 values only every
    second is judged, beyond 8,192 every third, and so on, so that it never takes more than 0.15 s a value on average. The Java
    runtime, which carries on from step to step, takes microseconds whatever the length; it decides the same, and judges all.
    """

    def __init__(self, model, objective, goal, planned, planned_cost, price, task, context, run, log, source):
        if not isinstance(objective, str) or not objective:
            raise ValueError(f"the objective must be the name of a metric, but was {objective!r}")
        if goal not in ("max", "min"):
            raise ValueError(f"the goal must be 'max' or 'min', but was {goal!r}")
        if planned is not None and (planned != int(planned) or planned < 1):
            raise ValueError(f"planned must be a whole number of at least 1, or None if unknown, but was {planned!r}")
        if planned_cost is not None and not 0 < planned_cost < math.inf:
            raise ValueError(f"planned_cost must be positive, or None if unknown, but was {planned_cost!r}")
        if not 0 < price < math.inf:
            raise ValueError(f"the price must be positive, such as 0.1, but was {price!r}")
        self.decision = Decision()
        self._model = model
        self._objective = objective
        self._sign = 1 if goal == "max" else -1
        self._counterpart = _counterpart(objective)
        self._planned = None if planned is None else int(planned)
        self._price = float(price)
        self._log = log
        self._order = _StepOrder()
        self._steps = _Steps()
        self._closed = False
        parameters = _parameters(context or {})
        self._header = {
            "source": source,
            "task": task,
            "run": run,
            "context": parameters,
            "objective": {"name": objective, "goal": goal},
        }
        if planned is not None:
            self._header["planned"] = self._planned
        if planned_cost is not None:
            self._header["planned_cost"] = float(planned_cost)
        self._facts = {
            "maximize": numpy.array([goal == "max"]),
            "price": _one(price),
            "planned": _one(planned),
            "planned_cost": _one(planned_cost),
            "task": _texts([f"{source}\n{task}\n{objective}"]),
            "run": numpy.array([_id_of(run)], numpy.int64),
            "parameter_names": _texts(list(parameters)),
            "parameter_numbers": numpy.array([_number_of(value) for value in parameters.values()], numpy.float64),
            "parameter_texts": _texts([_text_of(value) for value in parameters.values()]),
        }

    def observe(self, step, value=None, cost=None, train_loss=None, train_value=None):
        """Takes the run's next step and returns the `Decision`. Never raises.

        step: the trainer's own count; increases, may skip, may begin anywhere.
        value: the objective; None if this step does not report it. NaN and infinities count as time that passed.
        cost: of the run from its start to here; None, NaN, negative or infinite if unknown.
        train_loss: None or NaN if unknown.
        train_value: what the objective tells on held-out data, measured on training data, as train_accuracy beside
            val_accuracy; for objectives whose names begin with val, valid, validation, eval, dev or test. None if unknown.

        What came already is ignored and answered by the last decision: a step before the last one, a second value at a step,
        the same train_loss twice at a step. After a stop the answer stays stop.
        """
        return self._observe(True, step, value, cost, train_loss, train_value)

    def note(self, step, value=None, cost=None, train_loss=None, train_value=None):
        """Takes a step as `observe` does, but does not ask the model: for what was reported before a restart, and for
        training losses. Returns the last decision, never raises."""
        return self._observe(False, step, value, cost, train_loss, train_value)

    def steps(self):
        """All steps that were taken, each as the arguments of `note`: for a checkpoint, from which a run goes on."""
        return list(self._steps)

    def close(self, end=None):
        """Ends the watch, and writes the run if there is a log. What is observed afterwards is ignored. Never raises.

        end: how the run ended, a word of stopcast's; by default early_stopped if the answer was stop, completed if as many
            values were reported as planned, else unknown.
        """
        if self._closed:
            return
        self._closed = True
        try:
            if self._log is not None:
                with open(self._log, "a", encoding="utf-8") as file:
                    file.write(json.dumps(self._recorded(end)) + "\n")
        except Exception as fault:
            _warnings.tell(f"run {self._header['run']!r} could not be written to {self._log}: {fault!r}")

    def _observe(self, ask, step, *numbers_):
        if self._closed:
            return self.decision
        try:
            is_point = self._take(int(step), *(None if number is None else float(number) for number in numbers_))
            points = self._steps.points
            if is_point and ask and not self.decision.stop and points % (1 + points // _ALL_JUDGED) == 0:
                self._decide()
        except Exception as fault:
            _warnings.tell(f"step {step!r} of run {self._header['run']!r} failed, and the run goes on: {fault!r}")
        return self.decision

    def _take(self, step, value, cost, train_loss, train_value):
        """Whether the step is a new one that reports the objective."""
        if self._objective == "train_loss":
            train_loss = value
        if self._counterpart == "train_loss":
            train_loss = train_value if train_loss is None else train_loss
            train_value = train_loss
        elif self._counterpart is None:
            train_value = None
        if not self._order.is_new(step, value, (train_loss, train_value)):
            return False
        if cost is not None and not 0 <= cost < math.inf:
            cost = None
        self._steps.add(step, value, cost, train_loss, train_value)
        if value is None:
            return False
        best = self.decision.best_value
        if math.isfinite(value) and not self.decision.stop and not self._sign * value <= self._sign * best:
            self.decision = dataclasses.replace(self.decision, best_step=step, best_value=value)
        return True

    def _decide(self):
        known = {"best_step": self.decision.best_step, "best_value": self.decision.best_value}
        self.decision = Decision(**known)  # in case that the model fails
        probability, threshold, stop = self._model._ask({**self._facts, **self._steps.inputs()})
        reason = f"P(stopping is right) {probability:.3f} >= {threshold:.3f} at price {self._price}" if stop else ""
        self.decision = Decision(stop, probability, threshold, reason, **known)

    def _recorded(self, end):
        if end is None:
            done = self._planned is not None and self._steps.points >= self._planned
            end = "early_stopped" if self.decision.stop else "completed" if done else "unknown"
        costs_known, steps = self._steps.recorded(self._objective, self._counterpart)
        run = {**self._header, "end": end, "cost_unit": "given" if costs_known else "steps", "steps": steps}
        if not costs_known:
            run.pop("planned_cost", None)
        return run


class DistributedWatch:
    """A run that several processes train: rank 0 decides, and all get its decision.

    Every rank makes one and calls `observe` equally often, whatever it knows of the values; only those of rank 0 count. The
    watch of rank 0 alone is shown the steps and writes the log. In a single process it is the watch that it is given.

    watch: a `Watch`, of the same arguments on every rank.
    collective: has get_rank() and broadcast(object, root), as xgboost.collective has; None for torch.distributed where that
        is initialised.
    """

    def __init__(self, watch, collective=None):
        self.decision = watch.decision
        self._watch = watch
        self._collective = collective

    def observe(self, step, value=None, cost=None, train_loss=None, train_value=None):
        """As `Watch.observe`. If the ranks cannot be reached the last decision is repeated."""
        try:
            collective = self._collective or _torch_collective()
            is_first = collective is None or collective.get_rank() == 0
            decision = self._watch.observe(step, value, cost, train_loss, train_value) if is_first else None
            self.decision = decision if collective is None else collective.broadcast(decision, 0)
        except Exception as fault:
            _warnings.tell(f"the decision at step {step!r} did not reach all ranks: {fault!r}")
        return self.decision

    def note(self, step, value=None, cost=None, train_loss=None, train_value=None):
        """As `Watch.note`; tells the other ranks nothing."""
        if self._is_first():
            self._watch.note(step, value, cost, train_loss, train_value)
        return self.decision

    def steps(self):
        """As `Watch.steps`; of the first rank, none on the others."""
        return self._watch.steps()

    def close(self, end=None):
        """As `Watch.close`."""
        if self._is_first():
            self._watch.close(end)

    def _is_first(self):
        try:
            collective = self._collective or _torch_collective()
            return collective is None or collective.get_rank() == 0
        except Exception as fault:
            _warnings.tell(f"the rank is unknown: {fault!r}")
            return False


def HuggingFaceCallback(model, objective="eval_loss", goal="min", **options):
    """For the Trainer of transformers: sets control.should_training_stop after an evaluation.

    objective: as the Trainer logs it. The step is global_step; how many evaluations are planned comes from the arguments of
    the training, and what was logged before from the checkpoint that it goes on from.
    """
    import transformers

    begin = _beginning(model, objective, goal, options)

    class Callback(transformers.TrainerCallback):
        def __init__(self):
            self.watch = begin()

        @_harmless
        def on_train_begin(self, args, state, control, **kwargs):
            strategy = str(getattr(args.eval_strategy, "value", args.eval_strategy))
            if strategy == "epoch":
                planned = math.ceil(state.num_train_epochs)
            else:
                planned = state.max_steps // state.eval_steps if strategy == "steps" else None
            self.watch = begin(planned)
            for entry in state.log_history or ():
                self.watch.note(entry["step"], entry.get(objective), train_loss=entry.get("loss"))

        @_harmless
        def on_log(self, args, state, control, logs=None, **kwargs):
            if logs and "loss" in logs:
                self.watch.note(state.global_step, train_loss=logs["loss"])

        @_harmless
        def on_evaluate(self, args, state, control, metrics=None, **kwargs):
            if self.watch.observe(state.global_step, _reported(metrics or {}, objective, self.watch)):
                control.should_training_stop = True

        @_harmless
        def on_train_end(self, args, state, control, **kwargs):
            self.watch.close()

    return Callback()


def LightningCallback(model, objective="val_loss", goal="min", **options):
    """For the Trainer of Lightning: sets trainer.should_stop.

    objective: as the module logs it, with on_epoch. The step is trainer.global_step. With a validation an epoch it decides
    at the epoch's end, and takes max_epochs for planned; else after each validation, and planned is for you to say. What came
    before is in the checkpoint that a training goes on from.
    """
    import lightning.pytorch

    begin = _beginning(model, objective, goal, options)

    class Callback(lightning.pytorch.Callback):
        def __init__(self):
            self.watch = begin()
            self._before = []

        def __reduce__(self):  # to be sent to the processes that Lightning spawns
            return functools.partial(LightningCallback, model, objective, goal, **options), ()

        @_harmless
        def state_dict(self):
            return {"steps": self.watch.steps()}

        @_harmless
        def load_state_dict(self, state_dict):
            self._before = state_dict["steps"]

        @_harmless
        def on_train_start(self, trainer, pl_module):
            self.watch = begin(trainer.max_epochs if self._once_an_epoch(trainer) and trainer.max_steps < 0 else None)
            for step in self._before:
                self.watch.note(*step)
            self._before = []

        @_harmless
        def on_train_epoch_end(self, trainer, pl_module):
            if self._once_an_epoch(trainer):
                self._decide(trainer)

        @_harmless
        def on_validation_end(self, trainer, pl_module):
            if trainer.state.fn == "fit" and not trainer.sanity_checking and not self._once_an_epoch(trainer):
                self._decide(trainer)

        @_harmless
        def on_train_end(self, trainer, pl_module):
            self.watch.close()

        def _once_an_epoch(self, trainer):
            return trainer.val_check_interval == 1.0 and trainer.check_val_every_n_epoch == 1

        def _decide(self, trainer):
            logged = trainer.callback_metrics
            if self.watch.observe(
                trainer.global_step,
                _reported(logged, objective, self.watch),
                train_loss=logged.get("train_loss"),
                train_value=logged.get(_counterpart(objective)),
            ):
                trainer.should_stop = True

    return Callback()


def KerasCallback(model, objective="val_loss", goal="min", **options):
    """For fit of Keras: sets model.stop_training. The step is the epoch, from 0; planned is the number of epochs."""
    import keras

    begin = _beginning(model, objective, goal, options)
    same_on_training_data = objective[len("val_") :] if objective.startswith("val_") else None

    class Callback(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.watch = begin()

        @_harmless
        def on_train_begin(self, logs=None):
            self.watch = begin(self.params.get("epochs"))

        @_harmless
        def on_epoch_end(self, epoch, logs=None):
            logs = logs or {}
            if self.watch.observe(
                epoch,
                _reported(logs, objective, self.watch),
                train_loss=logs.get("loss"),
                train_value=logs.get(same_on_training_data),
            ):
                self.model.stop_training = True

        @_harmless
        def on_train_end(self, logs=None):
            self.watch.close()

    return Callback()


def ultralytics_callback(model, objective="metrics/mAP50-95(B)", goal="max", **options):
    """For YOLO.add_callback("on_fit_epoch_end", ...): sets trainer.stop, which Ultralytics tells all ranks.

    objective: a column of results.csv. The step is the epoch, from 0; planned is the number of epochs. Ultralytics does not
    take callbacks into the processes that it starts for several GPUs: add it there.
    """
    from ultralytics.utils import RANK

    begin = _beginning(model, objective, goal, options, lambda watch: watch)

    class Callback:
        def __init__(self):
            self.watch = begin()
            self._is_over = False

        @_harmless
        def __call__(self, trainer):
            if RANK > 0:
                return
            if trainer.epoch == trainer.start_epoch:
                self.watch = begin(trainer.epochs - trainer.start_epoch)
                self._is_over = False
            if self._is_over:
                return  # the best weights, validated once more
            losses = trainer.label_loss_items(trainer.tloss, prefix="train")
            value = _reported({**losses, **trainer.metrics}, objective, self.watch)
            if self.watch.observe(trainer.epoch, value, train_value=losses.get(_counterpart(objective))):
                if not trainer.args.save:
                    trainer.save_model()  # as the last epoch does: train fails where there is none
                trainer.stop = True
            if trainer.stop:
                self._is_over = True
                self.watch.close()

    return Callback()


def OptunaPruner(model, objective="value", **options):
    """A pruner for Optuna: trial.should_prune() says whether the trial, judged by itself, should stop.

    The goal is the study's, the task its name, the hyper-parameters are the trial's, and the step is as reported. Say how
    many reports are planned. It remembers nothing: each call judges the trial's reports so far, in any process. The log has
    the trials that it stopped.

    objective: what the history calls the value that is reported.
    """
    import optuna

    model.watch(objective, **options)

    class Pruner(optuna.pruners.BasePruner):
        def prune(self, study, trial):
            return bool(self._judged(study, trial))

        @_harmless
        def _judged(self, study, trial):
            facts = {"task": study.study_name, "run": str(trial.number), "context": trial.params, **options}
            goal = "max" if study.direction == optuna.study.StudyDirection.MAXIMIZE else "min"
            watch = model.watch(objective, goal, **facts)
            *earlier, last = sorted(trial.intermediate_values.items()) or [(0, None)]
            for step, value in earlier:
                watch.note(step, value)
            decision = watch.observe(*last)
            if decision:
                watch.close()
            return decision

    return Pruner()


def RayStopper(model, objective, goal="max", **options):
    """A Stopper for Ray Tune: True for a trial that should stop.

    The step is training_iteration, the hyper-parameters are the trial's config. Say how many results are planned.
    `stopper.decisions` has the last decision about each trial by its id.
    """
    from ray import tune

    model.watch(objective, goal, **options)

    class Stopper(tune.Stopper):
        def __init__(self):
            self.decisions = {}
            self._watches = {}

        def __call__(self, trial_id, result):
            return bool(self._judged(trial_id, result))

        def stop_all(self):
            return False

        @_harmless
        def _judged(self, trial_id, result):
            watch = self._watches.get(trial_id)
            if watch is None:
                facts = {"run": trial_id, "context": result.get("config"), **options}
                watch = self._watches[trial_id] = model.watch(objective, goal, **facts)
            decision = watch.observe(
                result["training_iteration"],
                _reported(result, objective, watch),
                train_loss=result.get("train_loss"),
                train_value=result.get(_counterpart(objective)),
            )
            self.decisions[trial_id] = decision
            if decision or result.get("done"):
                self._watches.pop(trial_id).close()
            return decision

    return Stopper()


def XGBoostCallback(model, objective, goal="min", **options):
    """For train, cv and the estimators of XGBoost: returns True after a round.

    objective: data set and metric as XGBoost prints them, such as "validation-logloss". The step is the round, from 0. Say
    how many are planned. The booster has best_iteration and best_score afterwards.
    """
    import xgboost

    begin = _beginning(model, objective, goal, options, lambda watch: DistributedWatch(watch, xgboost.collective))

    class Callback(xgboost.callback.TrainingCallback):
        def __init__(self):
            super().__init__()
            self.watch = begin()

        def before_training(self, model):
            self.watch = begin()
            return model

        def after_iteration(self, model, epoch, evals_log):
            return bool(self._judged(model, epoch, evals_log))

        def after_training(self, model):
            self.watch.close()
            return model

        @_harmless
        def _judged(self, model, epoch, evals_log):
            latest = {f"{name}-{each}": values[-1] for name, log in evals_log.items() for each, values in log.items()}
            value = _reported(latest, objective, self.watch)
            decision = self.watch.observe(epoch, value[0] if isinstance(value, tuple) else value)  # cv: mean and deviation
            if decision.best_step == epoch:
                model.set_attr(best_iteration=str(epoch), best_score=str(decision.best_value))
            return decision

    return Callback()


def lightgbm_callback(model, objective, **options):
    """For train, cv and the estimators of LightGBM: raises EarlyStopException, by which LightGBM knows a callback's stop.

    objective: data set and metric, such as "valid_0-l2"; which way it gets better LightGBM says. The step is the round, from
    0. Planned is the number of rounds. A booster that was stopped has best_iteration and best_score.
    """
    from lightgbm.callback import EarlyStopException

    model.watch(objective, **options)

    class Callback:
        def __init__(self):
            self.order = 30  # after record_evaluation
            self.before_iteration = False
            self.watch = None
            self._best = []

        def __call__(self, env):
            decision = self._judged(env)
            if decision:
                raise EarlyStopException(decision.best_step, self._best)

        @_harmless
        def _judged(self, env):
            results = {f"{result[0]}-{result[1]}": result for result in env.evaluation_result_list or ()}
            if env.iteration == env.begin_iteration:
                is_higher_better = objective in results and results[objective][3]
                facts = {"planned": env.end_iteration - env.begin_iteration, **options}
                self.watch = DistributedWatch(model.watch(objective, "max" if is_higher_better else "min", **facts))
            result = _reported(results, objective, self.watch)
            decision = self.watch.observe(env.iteration, None if result is None else result[2])
            if decision.best_step == env.iteration:
                self._best = env.evaluation_result_list
            if decision or env.iteration == env.end_iteration - 1:
                self.watch.close()
            return decision

    return Callback()


def _beginning(model, objective, goal, options, shared=DistributedWatch):
    """What begins a watch for a training; it may learn how many values are planned from the trainer."""

    def begin(planned=None):
        known = planned if planned is not None and planned >= 1 else None
        return shared(model.watch(objective, goal, **{"planned": known, **options}))

    begin()  # so that a wrong argument is raised where it is given
    return begin


def _reported(metrics, objective, watch):
    """The objective's value, None if it is missing; which is told as long as it never was there."""
    value = metrics.get(objective)
    if value is None and watch.decision.best_step is None:
        _warnings.tell(f"{objective!r} is not reported, so nothing is decided; there are {sorted(map(str, metrics))}")
    return value


def _harmless(hook):
    @functools.wraps(hook)
    def guarded(*args, **kwargs):
        try:
            return hook(*args, **kwargs)
        except Exception as fault:
            _warnings.tell(f"{hook.__qualname__} failed, and the run goes on: {fault!r}")
            return None

    return guarded


class _Warnings:
    """Tells of what goes wrong at most once a minute, so that a flood of faults is no flood of lines."""

    PAUSE_SECONDS = 60

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._silent_until = -math.inf
        self._untold = 0

    def tell(self, line):
        now = self._clock()
        if now < self._silent_until:
            self._untold += 1
            return
        others = f" (and {self._untold} warnings since the last one)" if self._untold else ""
        self._silent_until = now + self.PAUSE_SECONDS
        self._untold = 0
        logging.getLogger("stopcast").warning("%s%s", line, others)


_warnings = _Warnings()


class _StepOrder:
    """Tells new steps from those that came before, as the Java runtime does: a step may report the objective once, and any
    number of other signals, but not the same ones twice running."""

    def __init__(self):
        self._newest = None
        self._value = None
        self._signals = None

    def is_new(self, step, value, signals):
        if self._newest is not None and step < self._newest:
            _warnings.tell(f"step {step} after step {self._newest} ignored")
            return False
        if step != self._newest:
            self._newest, self._value, self._signals = step, None, None
        # As text, for which a NaN equals another one and -0.0 is not 0.0.
        if value is None:
            is_new = repr(signals) != self._signals
            self._signals = repr(signals)
            return is_new
        if self._value is None:
            self._value = repr(value)
            return True
        if self._value != repr(value):
            _warnings.tell(f"step {step} came again with another value, too late")
        return False


class _Steps:
    """All steps so far, in columns that double when they are full."""

    def __init__(self):
        self.points = 0
        self._size = 0
        self._index = numpy.empty(16, numpy.int64)
        self._reported = numpy.empty(16, bool)
        self._numbers = numpy.empty((4, 16))

    def add(self, step, value, *others):
        if self._size == len(self._index):
            more = self._size
            self._index = numpy.pad(self._index, (0, more))
            self._reported = numpy.pad(self._reported, (0, more))
            self._numbers = numpy.pad(self._numbers, ((0, 0), (0, more)))
        self._index[self._size] = step
        self._reported[self._size] = value is not None
        self._numbers[:, self._size] = [math.nan if number is None else number for number in (value, *others)]
        self._size += 1
        self.points += value is not None

    def __iter__(self):
        """What `Watch.note` takes."""
        for i in range(self._size):
            value, *others = (None if math.isnan(number) else number for number in self._numbers[:, i].tolist())
            yield int(self._index[i]), math.nan if value is None and self._reported[i] else value, *others

    def inputs(self):
        values, costs, train_losses, train_values = self._numbers[:, : self._size]
        return {
            "values": values,
            "reported": self._reported[: self._size],
            "costs": costs,
            "train_losses": train_losses,
            "train_values": train_values,
        }

    def recorded(self, objective, counterpart):
        """Whether any cost was known, and the steps as they are written: what was told at one index in one, and the largest
        cost so far for an unknown one."""
        costs_known = bool(numpy.isfinite(self._numbers[1, : self._size]).any())
        steps = []
        cost = 0.0
        for i in range(self._size):
            index = int(self._index[i])
            value, now, train_loss, train_value = self._numbers[:, i].tolist()
            if not steps or steps[-1]["step"] != index:
                steps.append({"step": index, "cost": 0, "values": {}})
            cost = max(cost, now if math.isfinite(now) else 0)
            steps[-1]["cost"] = cost if costs_known else len(steps)
            values = steps[-1]["values"]
            if counterpart is not None and not math.isnan(train_value):
                values.setdefault(counterpart, train_value)
            if not math.isnan(train_loss):
                values.setdefault("train_loss", train_loss)
            if self._reported[i]:
                values[objective] = value
        return costs_known, steps


class _TorchCollective:
    def __init__(self, distributed):
        self._distributed = distributed

    def get_rank(self):
        return self._distributed.get_rank()

    def broadcast(self, decision, root):
        box = [decision]
        self._distributed.broadcast_object_list(box, src=root)
        return box[0]


def _torch_collective():
    distributed = sys.modules.get("torch.distributed")  # who has not imported it has not initialised it
    in_use = distributed is not None and distributed.is_available() and distributed.is_initialized()
    return _TorchCollective(distributed) if in_use else None


def _counterpart(metric):
    """The name of the same metric on the training data; None if the name does not say that it is held out."""
    for part in _HELD_OUT:
        rest = metric[len(part) :]
        if metric.startswith(part) and len(rest) > 1 and rest[0] in "_/":
            return "train" + rest
    return None


def _parameters(context):
    """As they are written: numbers, booleans and texts, by name in order; what is None is not known."""
    known = {str(name): value for name, value in context.items() if value is not None}
    return {name: _scalar(known[name]) for name in sorted(known)}


def _scalar(value):
    if isinstance(value, (bool, numpy.bool_)):
        return bool(value)
    return float(value) if isinstance(value, numbers.Real) else str(value)


def _number_of(value):
    return value if isinstance(value, float) else math.nan


def _text_of(value):
    if isinstance(value, bool):
        return str(value).lower()
    return "" if isinstance(value, float) else value[:_LONGEST_TEXT]


def _id_of(name):
    """FNV-1a over UTF-16 units, by which the earlier runs in a model are known."""
    units = numpy.frombuffer(name.encode("utf-16-le", "surrogatepass"), "<u2")
    bits = 0xCBF29CE484222325
    for unit in units.tolist():
        bits = (bits ^ unit) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return bits - (1 << 64) if bits >> 63 else bits


def _one(number):
    return numpy.array([math.nan if number is None else number], numpy.float64)


def _texts(texts):
    return numpy.array(texts, object)
