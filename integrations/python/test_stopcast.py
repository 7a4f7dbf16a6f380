"""Tests of stopcast.py, with real trainings where a library is installed. Run by `checks/python`.

STOPCAST_PIPELINE is the pipeline to ask, STOPCAST_TREES a model that is none. In STOPCAST_RECORDINGS, a folder that must exist,
the trainings leave runs.jsonl.
"""

import contextlib
import copy
import importlib.util
import io
import json
import logging
import math
import multiprocessing
import os
import pathlib
import pickle
import re
import shutil
import sys
import tempfile
import unittest
import unittest.mock
import warnings

import numpy

import stopcast

os.environ.setdefault("OMP_NUM_THREADS", "1")  # more of them wait for each other where a core is busy
os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("YOLO_AUTOINSTALL", "false")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

PIPELINE = os.path.abspath(os.environ["STOPCAST_PIPELINE"])
README = pathlib.Path(__file__).with_name("README.md").read_text(encoding="utf-8")
MODEL = stopcast.Model(PIPELINE)
logging.getLogger("stopcast").addHandler(logging.NullHandler())


def needs(*libraries):
    missing = [name for name in libraries if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"{' and '.join(missing)} is not installed")


def plateau(n=200):
    """Rises for 20 steps, then stands still."""
    noise = numpy.random.default_rng(1).normal(0, 0.002, n)
    return [1 - math.exp(-t / 5) + float(noise[t]) for t in range(n)]


def table(seed, rows=160, wrong=0.3):
    """A table of two classes with wrong labels, on which a network soon learns by heart."""
    rng = numpy.random.default_rng(seed)
    x = rng.normal(size=(rows, 8)).astype("float32")
    y = (x[:, 0] + x[:, 1] * x[:, 2] > 0) ^ (rng.random(rows) < wrong)
    return x, y.astype("int64")


class FailingModel:
    """Answers so many times, then fails."""

    def __init__(self, answers=0):
        self.answers = answers

    def _ask(self, inputs):
        self.answers -= 1
        if self.answers < 0:
            raise RuntimeError("out of order")
        return 0.25, 0.5, False

    watch = stopcast.Model.watch


class Case(unittest.TestCase):
    """Has its own minute in which one warning is told."""

    def setUp(self):
        before = stopcast._warnings
        self.addCleanup(setattr, stopcast, "_warnings", before)
        stopcast._warnings = stopcast._Warnings()


class WatchTest(Case):
    def test_plateau_isStopped(self):
        watch = MODEL.watch("val_accuracy", planned=200)
        curve = plateau()
        stopped_at = next(step for step, value in enumerate(curve) if watch.observe(step, value))
        decision = watch.decision
        self.assertTrue(20 < stopped_at < 199)
        self.assertTrue(decision.stop and decision.probability >= decision.threshold)
        self.assertRegex(decision.reason, r"^P\(stopping is right\) 0\.\d{3} >= 0\.\d{3} at price 0\.1$")
        self.assertEqual(decision.best_value, max(curve[: stopped_at + 1]))
        self.assertEqual(decision.best_step, curve.index(decision.best_value))

    def test_minimisedMirrorImage_decidesTheSame(self):
        up, down = MODEL.watch("val_x", "max", planned=60), MODEL.watch("val_x", "min", planned=60)
        for step, value in enumerate(plateau(60)):
            one, other = up.observe(step, value), down.observe(step, -value)
            self.assertEqual((one.stop, one.probability, one.best_step), (other.stop, other.probability, other.best_step))

    def test_afterAStop_staysStopped(self):
        watch = MODEL.watch("val_accuracy", planned=200)
        curve = plateau()
        stop = next(watch.decision for step, value in enumerate(curve) if watch.observe(step, value))
        for step in range(200, 210):
            self.assertIs(watch.observe(step, 100.0 * step), stop)

    def test_nan_neverStops(self):
        watch = MODEL.watch("val_loss", "min", planned=100)
        for step in range(100):
            self.assertFalse(watch.observe(step, math.nan, train_loss=math.nan, cost=math.nan))
        watch = MODEL.watch("val_accuracy", planned=200)
        for step, value in enumerate(plateau()):
            self.assertFalse(watch.observe(2 * step, math.nan))
            if watch.observe(2 * step + 1, value):
                return
        self.fail("it was to stop at a value")

    def test_oddValues_doNotDisturb(self):
        watch = MODEL.watch("val_loss", "min", planned=50)
        for step, value in enumerate([1.0, math.inf, -math.inf, 1e308, -1e308, 5e-324, -0.0, None, 0.5]):
            self.assertFalse(watch.observe(step, value, cost=-1, train_loss=value))
        self.assertEqual((watch.decision.best_step, watch.decision.best_value), (4, -1e308))

    def test_stepsThatCameAlready_areIgnored(self):
        new, old = True, False
        nan = math.nan
        table = [  # step, value, train_loss, whether it is taken
            (5, 0.1, None, new),
            (5, 0.1, None, old),
            (5, 0.2, None, old),
            (4, 0.3, None, old),
            (5, None, 1.0, new),
            (5, None, 1.0, old),
            (5, None, 2.0, new),
            (5, None, 1.0, new),
            (4, None, 1.0, old),
            (6, nan, None, new),
            (6, nan, None, old),
            (6, 0.4, None, old),
            (7, None, nan, new),
            (7, None, nan, old),
            (7, 0.0, None, new),
            (7, -0.0, None, old),
            (-3, 0.0, None, old),
        ]
        watch = MODEL.watch("accuracy")
        for step, value, train_loss, taken in table:
            before = watch._steps._size
            with self.subTest(step=step, value=value, train_loss=train_loss):
                watch.observe(step, value, train_loss=train_loss)
                self.assertEqual(watch._steps._size - before, int(taken))

    def test_ignoredStep_isAnsweredByTheLastDecision(self):
        watch = MODEL.watch("val_accuracy", planned=200)
        last = [watch.observe(step, value) for step, value in enumerate(plateau(30))][-1]
        self.assertIs(watch.observe(29, 0.5), last)
        self.assertIs(watch.observe(3, 0.5), last)

    def test_whatCannotBeRead_isToldAndGoesOn(self):
        watch = MODEL.watch("val_accuracy")
        with self.assertLogs("stopcast", logging.WARNING) as told:
            for bad in [("one", 1.0), (None, 1.0), (1, "high"), (1, [1, 2]), (1, 10**400), (math.nan, 1.0)]:
                self.assertFalse(watch.observe(*bad))
        self.assertEqual(len(told.records), 1)
        self.assertEqual(watch._steps._size, 0)

    def test_failingModel_goesOn(self):
        watch = FailingModel(answers=2).watch("val_accuracy")
        watch.observe(1, 0.5)
        self.assertEqual(watch.observe(2, 0.6), stopcast.Decision(False, 0.25, 0.5, "", 2, 0.6))
        with self.assertLogs("stopcast", logging.WARNING) as told:
            for step in range(3, 100):
                decision = watch.observe(step, 0.7)
        self.assertEqual(len(told.records), 1)
        self.assertIn("out of order", told.output[0])
        self.assertEqual((decision.stop, decision.reason, decision.best_step), (False, "", 3))
        self.assertTrue(math.isnan(decision.probability))

    def test_warnings_areRare(self):
        now = [0.0]
        told = stopcast._Warnings(lambda: now[0])
        with self.assertLogs("stopcast", logging.WARNING) as lines:
            for now[0] in (0.0, 1.0, 59.0, 60.0, 61.0):
                told.tell("oh")
        self.assertEqual([record.getMessage() for record in lines.records], ["oh", "oh (and 2 warnings since the last one)"])

    def test_interrupt_passes(self):
        watch = FailingModel().watch("val_accuracy")
        watch._model._ask = lambda inputs: (_ for _ in ()).throw(KeyboardInterrupt())
        with self.assertRaises(KeyboardInterrupt):
            watch.observe(1, 0.5)

    def test_wrongArguments_areRaisedAtOnce(self):
        for wrong in [
            {"objective": ""},
            {"goal": "maximum"},
            {"planned": 0},
            {"planned": 1.5},
            {"planned_cost": -1},
            {"price": 0},
            {"price": math.nan},
        ]:
            with self.subTest(**wrong), self.assertRaises(ValueError):
                MODEL.watch(**{"objective": "x", **wrong})

    def test_oneWatch_doesNotSeeAnother(self):
        alone = MODEL.watch("val_accuracy", planned=200)
        among = MODEL.watch("val_accuracy", planned=200)
        other = MODEL.watch("val_accuracy", "min")
        for step, value in enumerate(plateau(40)):
            other.observe(step, -value)
            self.assertEqual(alone.observe(step, value), among.observe(step, value))

    def test_restart_goesOnAsIfNothingHadHappened(self):
        curve = plateau(60)
        whole = MODEL.watch("val_accuracy", planned=200)
        restarted = MODEL.watch("val_accuracy", planned=200)
        for step, value in enumerate(curve):
            expected = whole.observe(step, value)
            if step < 30:
                restarted.note(step, value)
            elif step > 30:
                self.assertEqual(restarted.observe(step, value), expected)
            else:
                restarted = pickle.loads(pickle.dumps(restarted))
                self.assertEqual(copy.deepcopy(restarted).observe(step, value), expected)
                restarted.observe(step, value)

    def test_trainingLoss_isTheCounterpartOfAHeldOutLoss(self):
        one, other = MODEL.watch("val_loss", "min", planned=50), MODEL.watch("val_loss", "min", planned=50)
        for step, value in enumerate(plateau(50)):
            expected = one.observe(step, -value, train_loss=-2 * value, train_value=7.0)
            self.assertEqual(other.observe(step, -value, train_value=-2 * value), expected)

    def test_steps_goOnInAnotherWatch(self):
        one, other = MODEL.watch("val_loss", "min"), MODEL.watch("val_loss", "min")
        for step, value in enumerate([0.5, None, math.nan, math.inf, 0.25]):
            one.observe(step, value, cost=3 * step, train_loss=0.125)
        for step in one.steps():
            other.note(*step)
        self.assertEqual(one.observe(9, 0.125), other.observe(9, 0.125))
        self.assertEqual(repr(other.steps()), repr(one.steps()))
        self.assertEqual(repr(one.steps()[2]), "(2, nan, 6.0, 0.125, 0.125)")

    def test_longRun_isJudgedNowAndThen(self):
        model = FailingModel(1 << 20)
        watch = model.watch("loss", "min")
        asked = []
        for step in range(3 * stopcast._ALL_JUDGED):
            before = model.answers
            watch.observe(step, 1.0)
            asked.append(before - model.answers)
        for first, every in ((0, 1), (1, 2), (2, 3)):
            part = asked[first * stopcast._ALL_JUDGED : (first + 1) * stopcast._ALL_JUDGED]
            self.assertAlmostEqual(sum(part), stopcast._ALL_JUDGED / every, delta=1)

    def test_counterpart(self):
        for metric, expected in [
            ("val_loss", "train_loss"),
            ("valid/auc", "train/auc"),
            ("eval_accuracy", "train_accuracy"),
            ("validation-logloss", None),
            ("value", None),
            ("val_", None),
            ("accuracy", None),
        ]:
            self.assertEqual(stopcast._counterpart(metric), expected, metric)

    def test_idOf_isThatOfTheJavaRuntime(self):
        self.assertEqual(stopcast._id_of("r17"), -8459447741539803231)
        self.assertEqual(stopcast._id_of("lauf-\u00e4\U0001f600"), -2744086489879533535)

    def test_context_becomesParameters(self):
        context = {
            "b": True,
            "lr": numpy.float32(0.5),
            "n": 3,
            "opt": "x" * 200,
            "none": None,
            "list": [1],
            "nb": numpy.bool_(False),
        }
        facts = MODEL.watch("x", context=context)._facts
        self.assertEqual(facts["parameter_names"].tolist(), ["b", "list", "lr", "n", "nb", "opt"])
        self.assertEqual(facts["parameter_texts"].tolist(), ["true", "[1]", "", "", "false", "x" * 100])
        numpy.testing.assert_array_equal(facts["parameter_numbers"], [math.nan, math.nan, 0.5, 3, math.nan, math.nan])

    def test_model_isNoPipeline(self):
        trees = os.environ.get("STOPCAST_TREES")
        if trees is None:
            self.skipTest("STOPCAST_TREES names no model")
        with self.assertRaisesRegex(ValueError, "is no pipeline: it takes"):
            stopcast.Model(trees)


class RecordingTest(Case):
    def recorded(self, watch):
        watch.close()
        with open(watch._log, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = os.path.join(folder.name, "runs.jsonl")

    def test_close_writesTheRun(self):
        watch = MODEL.watch(
            "val_accuracy",
            planned=3,
            planned_cost=40,
            task="mnist/mlp",
            source="lab",
            run="r1",
            context={"lr": 0.5},
            log=self.log,
        )
        watch.note(0, train_loss=3.0)
        watch.observe(1, 0.5, cost=10, train_loss=2.0, train_value=0.75)
        watch.observe(2, 0.625)
        watch.observe(3, None, cost=5)
        watch.observe(4, -math.inf, cost=30)
        watch.close()
        self.assertEqual(
            self.recorded(watch),
            [
                {
                    "source": "lab",
                    "task": "mnist/mlp",
                    "run": "r1",
                    "context": {"lr": 0.5},
                    "objective": {"name": "val_accuracy", "goal": "max"},
                    "planned": 3,
                    "planned_cost": 40.0,
                    "end": "completed",
                    "cost_unit": "given",
                    "steps": [
                        {"step": 0, "cost": 0.0, "values": {"train_loss": 3.0}},
                        {"step": 1, "cost": 10.0, "values": {"train_accuracy": 0.75, "train_loss": 2.0, "val_accuracy": 0.5}},
                        {"step": 2, "cost": 10.0, "values": {"val_accuracy": 0.625}},
                        {"step": 3, "cost": 10.0, "values": {}},
                        {"step": 4, "cost": 30.0, "values": {"val_accuracy": -math.inf}},
                    ],
                }
            ],
        )

    def test_costsUnknown_countsSteps(self):
        watch = MODEL.watch("loss", "min", planned_cost=40, log=self.log)
        watch.note(10, train_loss=3.0)
        watch.observe(10, 0.5)
        watch.observe(20, 0.25)
        run = self.recorded(watch)[0]
        self.assertEqual((run["end"], run["cost_unit"], run.get("planned_cost")), ("unknown", "steps", None))
        self.assertEqual(
            run["steps"],
            [
                {"step": 10, "cost": 1, "values": {"train_loss": 3.0, "loss": 0.5}},
                {"step": 20, "cost": 2, "values": {"loss": 0.25}},
            ],
        )

    def test_runsAreAppended_andWhatComesAfterTheEndIsIgnored(self):
        for name in ("a", "b"):
            watch = MODEL.watch("loss", "min", run=name, log=self.log)
            watch.observe(1, 0.5)
            watch.close("crashed")
            self.assertFalse(watch.observe(2, 0.5))
        runs = self.recorded(watch)
        self.assertEqual(
            [(run["run"], run["end"], len(run["steps"])) for run in runs], [("a", "crashed", 1), ("b", "crashed", 1)]
        )

    def test_whatCannotBeWritten_isTold(self):
        watch = MODEL.watch("loss", "min", log=os.path.join(self.log, "nowhere", "runs.jsonl"))
        with self.assertLogs("stopcast", logging.WARNING):
            watch.close()


class FakeCollective:
    """The other ranks get what rank 0 broadcast."""

    def __init__(self, rank, sent):
        self.rank = rank
        self.sent = sent

    def get_rank(self):
        return self.rank

    def broadcast(self, decision, root):
        if self.rank == root:
            self.sent.append(decision)
        return self.sent[-1]


def train_rank(rank, meeting_point, pipeline, to):
    import torch.distributed

    torch.distributed.init_process_group("gloo", init_method=f"file://{meeting_point}", rank=rank, world_size=2)
    watch = stopcast.DistributedWatch(stopcast.Model(pipeline).watch("val_accuracy", planned=200))
    stopped_at = None
    for step, value in enumerate(plateau()):
        if watch.observe(step, value if rank == 0 else math.nan):
            stopped_at = step
            break
    to.put((rank, stopped_at, watch.decision))
    torch.distributed.destroy_process_group()


class DistributedTest(Case):
    def test_ranks_getTheDecisionOfTheFirst(self):
        sent = []
        first, second = (
            stopcast.DistributedWatch(MODEL.watch("x", planned=200), FakeCollective(rank, sent)) for rank in (0, 1)
        )
        for step, value in enumerate(plateau()):
            self.assertEqual(first.observe(step, value), second.observe(step, None))
            if first.decision:
                self.assertIs(second.decision, first.decision)
                return
        self.fail("it was to stop")

    def test_onlyTheFirstRank_writes(self):
        with tempfile.TemporaryDirectory() as folder:
            for rank in (1, 0):
                log = os.path.join(folder, f"{rank}.jsonl")
                watch = stopcast.DistributedWatch(MODEL.watch("x", log=log), FakeCollective(rank, []))
                watch.note(1, 0.5)
                watch.close()
            self.assertEqual(os.listdir(folder), ["0.jsonl"])

    def test_brokenCollective_repeatsTheLastDecision(self):
        watch = stopcast.DistributedWatch(MODEL.watch("x"), object())
        with self.assertLogs("stopcast", logging.WARNING):
            self.assertFalse(watch.observe(1, 0.5))
            watch.note(2, 0.5)
            watch.close()

    @needs("torch")
    def test_torch_twoProcesses(self):
        spawn = multiprocessing.get_context("spawn")
        with tempfile.TemporaryDirectory() as folder:
            results = spawn.Queue()
            ranks = [
                spawn.Process(target=train_rank, args=(rank, os.path.join(folder, "meeting"), PIPELINE, results))
                for rank in (0, 1)
            ]
            for rank in ranks:
                rank.start()
            (_, first, decision), (_, second, told) = sorted(results.get(timeout=600) for _ in ranks)
            for rank in ranks:
                rank.join()
        self.assertIsNotNone(first)
        self.assertEqual((first, decision), (second, told))


class ReadmeCase(Case):
    """Runs what the README shows, in a folder with a pipeline.onnx."""

    def setUp(self):
        super().setUp()
        folder = os.environ.get("STOPCAST_RECORDINGS")
        if folder is None:
            temporary = tempfile.TemporaryDirectory()
            self.addCleanup(temporary.cleanup)
            folder = temporary.name
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder)
        if not os.path.exists("pipeline.onnx"):
            shutil.copy(PIPELINE, "pipeline.onnx")
        warnings.simplefilter("ignore")

    def snippet(self, title):
        return re.search(rf"^{title}\n```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE).group(1)

    def run_snippet(self, title, **names):
        told = []
        stopcast._warnings.tell = told.append
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            names["stopcast"] = stopcast
            exec(compile(self.snippet(title), title, "exec"), names)
        self.assertEqual(told, [])
        names["printed"] = printed.getvalue()
        return names

    def assertStopped(self, decision, values, planned):
        """values: by step, as the library has them."""
        self.assertTrue(decision.stop)
        self.assertLess(len(values), planned)
        self.assertAlmostEqual(values[decision.best_step], decision.best_value, 6)


class PlainLoopTest(ReadmeCase):
    def test_snippet(self):
        curve = iter(plateau())
        names = self.run_snippet("## A loop of your own", train_one_epoch=lambda: next(curve))
        self.assertTrue(names["watch"].decision.stop)


@needs("xgboost")
class XGBoostTest(ReadmeCase):
    def names(self):
        import xgboost

        return {
            "xgboost": xgboost,
            "params": {"objective": "binary:logistic", "eta": 0.1, "nthread": 1, "max_depth": 4},
            "training_set": xgboost.DMatrix(*table(1, 400)),
            "validation_set": xgboost.DMatrix(*table(2, 400)),
        }

    def test_snippet(self):
        names = self.run_snippet("## XGBoost", **self.names())
        booster, decision = names["booster"], names["stopping"].watch.decision
        losses = [
            float(booster.eval_set([(names["validation_set"], "validation")], 0).split(":")[1])
            for booster in (booster[: i + 1] for i in range(booster.num_boosted_rounds()))
        ]
        self.assertStopped(decision, losses, 500)
        self.assertEqual(booster.best_iteration, decision.best_step)
        self.assertAlmostEqual(booster.best_score, decision.best_value, 6)

    def test_cv_isStoppedByTheMean(self):
        import xgboost

        names = self.names()
        stopping = stopcast.XGBoostCallback(MODEL, "test-logloss", planned=500)
        history = xgboost.cv(
            names["params"], names["training_set"], 500, nfold=3, metrics="logloss", callbacks=[stopping], as_pandas=False
        )
        means = history["test-logloss-mean"]  # up to the best
        self.assertStopped(stopping.watch.decision, means, 500)
        self.assertEqual(len(means), stopping.watch.decision.best_step + 1)

    def test_whatFails_isToldOnceAndTrainsToTheEnd(self):
        import xgboost

        names = self.names()
        evals = [(names["validation_set"], "validation")]
        missing = "'valid-logloss' is not reported, so nothing is decided; there are ['validation-logloss']"
        for model, objective, expected in [
            (MODEL, "valid-logloss", missing),
            (FailingModel(), "validation-logloss", "out of order"),
        ]:
            stopcast._warnings = stopcast._Warnings()
            stopping = stopcast.XGBoostCallback(model, objective)
            with self.subTest(objective), self.assertLogs("stopcast", logging.WARNING) as told:
                booster = xgboost.train(
                    names["params"], names["training_set"], 20, evals=evals, callbacks=[stopping], verbose_eval=False
                )
            self.assertEqual((booster.num_boosted_rounds(), len(told.records)), (20, 1))
            self.assertIn(expected, told.output[0])


@needs("lightgbm")
class LightGbmTest(ReadmeCase):
    def names(self):
        import lightgbm

        training_set = lightgbm.Dataset(*table(1, 400))
        return {
            "lightgbm": lightgbm,
            "params": {"objective": "binary", "learning_rate": 0.1, "num_threads": 1, "num_leaves": 15, "verbose": -1},
            "training_set": training_set,
            "validation_set": lightgbm.Dataset(*table(2, 400), reference=training_set),
        }

    def test_snippet(self):
        import lightgbm

        log = {}
        shown = self.names()
        train = lightgbm.train

        def recording(*args, callbacks, **kwargs):
            return train(*args, callbacks=[*callbacks, lightgbm.record_evaluation(log)], **kwargs)

        lightgbm.train = recording
        try:
            names = self.run_snippet("## LightGBM", **shown)
        finally:
            lightgbm.train = train
        booster, decision = names["booster"], names["stopping"].watch.decision
        losses = log["validation"]["binary_logloss"]
        self.assertStopped(decision, losses, 500)
        self.assertEqual(booster.best_iteration, decision.best_step + 1)
        self.assertEqual(booster.best_score["validation"]["binary_logloss"], decision.best_value)

    def test_wrongName_goesOn(self):
        import lightgbm

        names = self.names()
        stopping = stopcast.lightgbm_callback(MODEL, "valid_0-l2")
        with self.assertLogs("stopcast", logging.WARNING):
            booster = lightgbm.train(
                names["params"], names["training_set"], 20, valid_sets=[names["validation_set"]], callbacks=[stopping]
            )
        self.assertEqual(booster.current_iteration(), 20)


class LogisticRegression:
    """Learns a table by gradient steps; has an error on another one."""

    def __init__(self, rate):
        self.rate = rate
        self.x, self.y = table(3)
        self.unseen_x, self.unseen_y = table(4)
        self.weights = numpy.zeros(8)

    def epoch(self):
        p = 1 / (1 + numpy.exp(-self.x @ self.weights))
        self.weights += self.rate * self.x.T @ (self.y - p) / len(self.y)
        unseen = 1 / (1 + numpy.exp(-self.unseen_x @ self.weights))
        return float(numpy.mean((unseen - self.unseen_y) ** 2))


@needs("optuna")
class OptunaTest(ReadmeCase):
    def test_snippet(self):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)

        def objective(trial):
            learner = LogisticRegression(trial.suggest_float("rate", 0.05, 2, log=True))
            for epoch in range(100):
                error = learner.epoch()
                trial.report(error, epoch)
                if trial.should_prune():
                    raise optuna.TrialPruned()
            return error

        names = self.run_snippet("## Optuna", optuna=optuna, objective=objective)
        pruned = [trial for trial in names["study"].trials if trial.state == optuna.trial.TrialState.PRUNED]
        self.assertTrue(pruned)
        self.assertTrue(all(5 <= len(trial.intermediate_values) < 100 for trial in pruned))

    def test_aTrialThatReportedNothing_goesOn(self):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        study = optuna.create_study(pruner=stopcast.OptunaPruner(MODEL))
        self.assertFalse(study.ask().should_prune())


@needs("ray")
class RayTest(ReadmeCase):
    def test_snippet(self):
        import ray
        import ray.tune

        def train(config):
            learner = LogisticRegression(config["rate"])
            for _ in range(100):
                ray.tune.report({"val_error": learner.epoch()})

        ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # its workers do not find this file
        ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, object_store_memory=80 << 20, logging_level="ERROR")
        self.addCleanup(ray.shutdown)
        with tempfile.TemporaryDirectory() as storage:
            space = {"rate": ray.tune.grid_search([0.1, 1.5])}
            names = self.run_snippet(
                "## Ray Tune", ray=ray, train=train, space=space, storage=storage, log=os.path.abspath("runs.jsonl")
            )
        self.assertEqual(len(names["stopper"].decisions), 2)
        for result in names["results"]:
            decision = names["stopper"].decisions[result.metrics["trial_id"]]
            self.assertIsNone(result.error)
            self.assertTrue(decision.stop)
            self.assertLess(result.metrics["training_iteration"], 100)


@needs("keras", "torch")
class KerasTest(ReadmeCase):
    def network(self):
        import keras

        keras.utils.set_random_seed(1)
        network = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(2)])
        network.compile(
            keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
        )
        return network

    def test_snippet(self):
        network = self.network()
        (x, y), (unseen_x, unseen_y) = table(1), table(2)
        names = self.run_snippet("## Keras", network=network, x=x, y=y, unseen_x=unseen_x, unseen_y=unseen_y)
        self.assertStopped(names["stopping"].watch.decision, network.history.history["val_accuracy"], 200)

    def test_secondTraining_isWatchedAnew(self):
        network = self.network()
        stopping = stopcast.KerasCallback(FailingModel(100), "val_loss", "min")
        (x, y), unseen = table(1), table(2)
        for epochs in (3, 4):
            network.fit(x, y, validation_data=unseen, epochs=epochs, callbacks=[stopping], verbose=0)
            self.assertEqual(len(stopping.watch._watch._steps.inputs()["values"]), epochs)
        self.assertEqual(stopping.watch._watch._facts["planned"].item(), 4)


@needs("torch", "lightning")
class LightningTest(ReadmeCase):
    def test_snippet(self):
        import lightning
        import torch
        from torch.utils.data import DataLoader, TensorDataset

        for name in ("lightning.pytorch", "lightning.pytorch.utilities.rank_zero", "lightning.fabric"):
            logging.getLogger(name).setLevel(logging.ERROR)
        torch.manual_seed(1)

        class Module(lightning.LightningModule):
            def __init__(self):
                super().__init__()
                self.network = torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.ReLU(), torch.nn.Linear(32, 2))
                self.losses = {}

            def training_step(self, batch):
                loss = torch.nn.functional.cross_entropy(self.network(batch[0]), batch[1])
                self.log("train_loss", loss, on_step=False, on_epoch=True)
                return loss

            def validation_step(self, batch):
                self.log("val_loss", torch.nn.functional.cross_entropy(self.network(batch[0]), batch[1]))

            def on_train_epoch_end(self):
                self.losses[self.global_step] = self.trainer.callback_metrics["val_loss"].item()

            def configure_optimizers(self):
                return torch.optim.Adam(self.parameters(), 0.01)

        def batches(seed):
            x, y = table(seed)
            return DataLoader(TensorDataset(torch.tensor(x), torch.tensor(y)), batch_size=32)

        module = Module()
        quietly = {
            "accelerator": "cpu", "logger": False, "enable_checkpointing": False, "enable_progress_bar": False,
            "enable_model_summary": False, "num_sanity_val_steps": 2,
        }  # fmt: skip
        names = self.run_snippet(
            "## Lightning",
            lightning=lightning,
            module=module,
            training_batches=batches(1),
            validation_batches=batches(2),
            quietly=quietly,
        )
        watch = names["stopping"].watch
        self.assertStopped(watch.decision, module.losses, 200)
        self.assertEqual(int(numpy.isfinite(watch._watch._steps.inputs()["train_losses"]).sum()), len(module.losses))

        # With two validations an epoch it decides after each.
        stopping = stopcast.LightningCallback(FailingModel(1000), "val_loss")
        lightning.Trainer(max_epochs=3, val_check_interval=0.4, callbacks=[stopping], **quietly).fit(
            Module(), batches(1), batches(2)
        )
        self.assertEqual(stopping.watch._watch._steps.points, 6)

        # A training that goes on from a checkpoint knows what came before.
        first, second = (stopcast.LightningCallback(FailingModel(1000), "val_loss") for _ in range(2))
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = os.path.join(folder, "checkpoint")
            trainer = lightning.Trainer(max_epochs=3, callbacks=[first], **quietly)
            trainer.fit(Module(), batches(1), batches(2))
            trainer.save_checkpoint(checkpoint)
            trainer = lightning.Trainer(max_epochs=5, callbacks=[second], **quietly)
            trainer.fit(Module(), batches(1), batches(2), ckpt_path=checkpoint)
        self.assertEqual(second.watch.steps()[:3], first.watch.steps())
        self.assertEqual(len(second.watch.steps()), 5)


@needs("torch", "transformers", "accelerate")
class HuggingFaceTest(ReadmeCase):
    def names(self, folder, **arguments):
        import torch
        import transformers

        transformers.logging.set_verbosity_error()
        transformers.set_seed(1)

        class Network(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.ReLU(), torch.nn.Linear(32, 2))

            def forward(self, x, labels=None):
                logits = self.layers(x)
                return {"loss": torch.nn.functional.cross_entropy(logits, labels), "logits": logits}

        def rows(seed):
            return [{"x": row, "labels": label} for row, label in zip(*table(seed))]

        defaults = {
            "num_train_epochs": 100, "eval_strategy": "epoch", "logging_strategy": "epoch", "save_strategy": "no",
            "learning_rate": 0.01, "per_device_train_batch_size": 32, "per_device_eval_batch_size": 160,
            "disable_tqdm": True, "report_to": [], "use_cpu": True,
        }  # fmt: skip
        return {
            "transformers": transformers,
            "network": Network(),
            "arguments": transformers.TrainingArguments(folder, **{**defaults, **arguments}),
            "training_set": rows(1),
            "validation_set": rows(2),
        }

    def test_snippet(self):
        with tempfile.TemporaryDirectory() as folder:
            names = self.run_snippet("## Hugging Face", **self.names(folder))
        watch = names["stopping"].watch
        history = names["trainer"].state.log_history
        losses = {entry["step"]: entry["eval_loss"] for entry in history if "eval_loss" in entry}
        self.assertStopped(watch.decision, losses, 100)
        self.assertEqual(watch._watch._facts["planned"].item(), 100)
        self.assertEqual(int(numpy.isfinite(watch._watch._steps.inputs()["train_losses"]).sum()), len(losses))

    def test_resumed_knowsWhatCameBefore(self):
        import transformers

        with tempfile.TemporaryDirectory() as folder:
            steps = {
                "eval_strategy": "steps",
                "eval_steps": 5,
                "save_strategy": "steps",
                "save_steps": 10,
                "logging_strategy": "steps",
            }
            for epochs, checkpoint in ((2, None), (4, True)):
                names = self.names(folder, num_train_epochs=epochs, logging_steps=5, **steps)
                stopping = stopcast.HuggingFaceCallback(FailingModel(1000))
                trainer = transformers.Trainer(
                    names["network"],
                    names["arguments"],
                    train_dataset=names["training_set"],
                    eval_dataset=names["validation_set"],
                    callbacks=[stopping],
                )
                with contextlib.redirect_stdout(io.StringIO()):
                    trainer.train(resume_from_checkpoint=checkpoint)
        watch = stopping.watch._watch
        self.assertEqual((watch._steps.points, watch._facts["planned"].item()), (4, 4))
        self.assertEqual(int(numpy.isfinite(watch._steps.inputs()["train_losses"]).sum()), 4)


@needs("ultralytics")
class UltralyticsTest(ReadmeCase):
    def test_snippet(self):
        import cv2
        import ultralytics

        ultralytics.settings.update({"sync": False, "tensorboard": False})
        ultralytics.utils.LOGGER.setLevel(logging.ERROR)
        rng = numpy.random.default_rng(1)
        with tempfile.TemporaryDirectory() as folder:
            for part in ("train", "val"):
                for number in range(48):
                    # Light above or light below, a quarter of them in the wrong class.
                    below = number % 2
                    label = below if rng.random() > 0.25 else 1 - below
                    place = pathlib.Path(folder, "images", part, str(label))
                    place.mkdir(parents=True, exist_ok=True)
                    image = rng.integers(0, 128, (32, 32, 3))
                    image[16 * below : 16 * below + 16] += 127
                    cv2.imwrite(str(place / f"{number}.png"), image.astype("uint8"))
            yolo = ultralytics.YOLO("yolo11n-cls.yaml")
            quietly = {
                "imgsz": 32, "batch": 16, "workers": 0, "device": "cpu", "plots": False, "verbose": False, "save": False,
                "project": folder, "patience": 0, "optimizer": "Adam", "lr0": 0.003, "warmup_epochs": 0, "dropout": 0.0,
                "auto_augment": None, "erasing": 0.0, "hsv_v": 0.0, "scale": 0.0,
            }  # fmt: skip
            # Only the first of its ranks validates: asking the others would wait forever.
            with unittest.mock.patch.object(stopcast, "_torch_collective", side_effect=AssertionError):
                names = self.run_snippet("## Ultralytics", yolo=yolo, images=os.path.join(folder, "images"), quietly=quietly)
            with open(next(pathlib.Path(folder).rglob("results.csv")), encoding="utf-8") as file:
                header, *rows = (line.strip().split(",") for line in file)
        at = header.index("metrics/accuracy_top1")
        self.assertStopped(names["stopping"].watch.decision, [float(row[at]) for row in rows], 60)


if __name__ == "__main__":
    unittest.main()
