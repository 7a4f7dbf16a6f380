"""Writes logs with the real tools, reads them with ours and with the tools' own readers, and compares every value.

See README.md beside it. Tools that are not installed are left out, and that is said; exits with 1 if anything differs.
"""

import argparse
import contextlib
import csv
import importlib.util
import json
import math
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import threading
import types
import warnings

os.environ.update(
    MLFLOW_DISABLE_TELEMETRY="true",
    DO_NOT_TRACK="true",
    DVCLIVE_LOGLEVEL="ERROR",
    DVC_NO_ANALYTICS="1",
    MLFLOW_ALLOW_FILE_STORE="true",
    KERAS_BACKEND="numpy",
    GIT_PYTHON_REFRESH="quiet",
)

NO_TIME = -(2**63)
ODD = [float("nan"), float("inf"), float("-inf"), 1e-300, -0.0, 0.1 + 0.2, 1.7e308, 5e-324]


class Ours:
    """What our reader says of a place."""

    def __init__(self, classpath):
        self.classpath = classpath

    def read(self, place):
        command = ["java", "-cp", self.classpath, "io.stopcast.importing.LogDump", str(place)]
        said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
        said["runs"] = {run["name"]: run for run in said["runs"]}
        return said


class Mismatch(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Mismatch(what)


def same(a, b):
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))


def compare(what, ours, theirs, with_time=False):
    """Both are lists of (step, millis, value)."""
    require(len(ours) == len(theirs), f"{what}: we read {len(ours)} values, the tool {len(theirs)}")
    for mine, other in zip(ours, theirs):
        fits = int(mine[0]) == int(other[0]) and same(float(mine[2]), float(other[2]))
        require(fits and (not with_time or int(mine[1]) == int(other[1])), f"{what}: we read {mine}, the tool {other}")
    return len(ours)


def values(count, seed):
    rng = random.Random(seed)
    return [rng.choice(ODD) if rng.random() < 0.2 else rng.gauss(0, 10 ** rng.randint(-5, 5)) for _ in range(count)]


def check_mlflow(ours, uri, place):
    from mlflow import MlflowClient
    from mlflow.entities import Metric, Param, RunTag, ViewType

    client = MlflowClient(uri)
    experiment = client.create_experiment("mnist / é")
    status = ["FINISHED", "FAILED", "KILLED", None]
    for number in range(4):
        run = client.create_run(experiment, run_name=f"run {number}")
        client.log_batch(
            run.info.run_id,
            params=[Param("lr", str(0.1 * number)), Param("deep/er", "x y")],
            tags=[RunTag("data", "v2")],
            metrics=[
                Metric(key, value, 1700000000000 + 7 * step, step)
                for key in ("loss", "val/accuracy é", "top5")
                for step, value in enumerate(values(300, f"{number}{key}"))
            ],
        )
        # Again, later: both are kept.
        client.log_metric(run.info.run_id, "loss", 7.0, timestamp=1700000900000, step=5)
        if status[number]:
            client.set_terminated(run.info.run_id, status[number])
    gone = client.create_run(experiment)
    client.delete_run(gone.info.run_id)
    said = ours.read(place)
    runs = client.search_runs([experiment], run_view_type=ViewType.ACTIVE_ONLY)
    require(len(said["runs"]) == len(runs), f"we read {list(said['runs'])}, MLflow {len(runs)} runs")
    ends = {"FINISHED": "COMPLETED", "FAILED": "CRASHED", "KILLED": "ABORTED", "RUNNING": "UNKNOWN"}
    compared = 0
    for run in runs:
        mine = said["runs"]["mnist / é | " + run.info.run_id]
        require(mine["end"] == ends[run.info.status], f"end {mine['end']} of {run.info.status}")
        expected = {"lr": float(run.data.params["lr"]), "deep/er": "x y", "tags.data": "v2", "run_name": run.info.run_name}
        require(mine["parameters"] == expected, f"parameters {mine['parameters']}, expected {expected}")
        require(sorted(mine["values"]) == sorted(run.data.metrics), f"metrics {sorted(mine['values'])}")
        for key in run.data.metrics:
            history = client.get_metric_history(run.info.run_id, key)
            theirs = sorted((m.timestamp, m.step, m.value) for m in history)
            theirs = [(step, millis, infinite(value)) for millis, step, value in theirs]
            compared += compare(f"{run.info.run_id} {key}", mine["values"][key], theirs, with_time=True)
    require(any("deleted" in s for s in said["skipped"]), "the deleted run is not told")
    return compared


def infinite(value):
    """MLflow's own reader of its database gives infinity back as the largest double."""
    return math.copysign(math.inf, value) if abs(value) == sys.float_info.max else value


def check_mlflow_database(ours, folder):
    return check_mlflow(ours, f"sqlite:///{folder}/mlflow.db", folder / "mlflow.db")


def check_mlflow_files(ours, folder):
    return check_mlflow(ours, (folder / "mlruns").as_uri(), folder / "mlruns")


def check_mlflow_server(ours, folder):
    if importlib.util.find_spec("pgserver") is None:
        raise ModuleNotFoundError(name="pgserver")
    require("postgresql" in ours.classpath, "give the driver's jar with --classpath too, to check a PostgreSQL server")
    with forwarding(folder / "pg") as port:
        uri = f"//postgres@127.0.0.1:{port}/postgres"
        return check_mlflow(ours, "postgresql+psycopg2:" + uri, f"jdbc:postgresql:{uri.replace('postgres@', '')}?user=postgres")


@contextlib.contextmanager
def forwarding(folder):
    """A PostgreSQL server of our own. It listens on a Unix socket, which Java's driver cannot use: passes bytes on from a port."""
    import pgserver

    server = pgserver.get_server(folder)
    unix = next(pathlib.Path(server.get_uri().partition("host=")[2]).glob(".s.PGSQL.*[0-9]"))

    def pump(source, sink):
        with contextlib.suppress(OSError):
            while chunk := source.recv(1 << 16):
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                inner = socket.socket(socket.AF_UNIX)
                inner.connect(str(unix))
                for ends in ((client, inner), (inner, client)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.cleanup()


def optuna_study(storage):
    import optuna

    warnings.simplefilter("ignore")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(study_name="tune é", storage=storage, direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1))

    def objective(trial):
        trial.suggest_float("lr", 1e-5, 1, log=True)
        trial.suggest_int("n", 1, 9)
        trial.suggest_categorical("opt", ["sgd", "adam", 3, 0.5, True])
        for step, value in enumerate(values(40, trial.number)):
            trial.report(value, step * 3)
            trial.report(99.0, step * 3)  # is not heard
        if trial.number % 4 == 1:
            raise optuna.TrialPruned()
        if trial.number % 4 == 2:
            raise ValueError("a trial that fails")
        return float("inf") if trial.number % 8 == 3 else 0.1 * trial.number

    study.optimize(objective, n_trials=12, catch=ValueError)
    study.ask()
    study.enqueue_trial({"lr": 0.1})
    quiet = optuna.create_study(study_name="quiet", storage=storage, direction="minimize")
    quiet.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=5)
    optuna.create_study(study_name="gone", storage=storage).optimize(lambda trial: 1.0, n_trials=2)
    optuna.delete_study(study_name="gone", storage=storage)
    return [study, quiet]


def check_optuna(ours, storage, place):
    ends = {"COMPLETE": "COMPLETED", "PRUNED": "EARLY_STOPPED", "FAIL": "CRASHED", "RUNNING": "UNKNOWN"}
    studies = optuna_study(storage)
    said = ours.read(place)
    compared = 0
    trials = [(study, trial) for study in studies for trial in study.trials if trial.state.name != "WAITING"]
    require(len(said["runs"]) == len(trials), f"we read {len(said['runs'])} runs, Optuna {len(trials)} trials")
    for study, trial in trials:
        mine = said["runs"][f"{study.study_name} | {trial.number}"]
        require(mine["end"] == ends[trial.state.name], f"end {mine['end']} of {trial.state}")
        require(mine["objective"] == "value " + study.direction.name, mine["objective"])
        # Bit for bit: Python prints and parses the shortest digits, and so does Java.
        require(mine["parameters"] == trial.params, f"parameters {mine['parameters']}, Optuna {trial.params}")
        theirs = [(step, 0, value) for step, value in sorted(trial.intermediate_values.items())]
        if not theirs and trial.values:
            theirs = [(0, 0, trial.value)]
        compared += compare(f"trial {trial.number}", mine["values"].get("value", []), theirs)
        last = max(trial.intermediate_values, default=0)
        final = [(last, 0, value) for value in trial.values or []]
        compared += compare(f"trial {trial.number} final", mine["values"].get("final_value", []), final)
    return compared


def check_optuna_database(ours, folder):
    return check_optuna(ours, f"sqlite:///{folder}/optuna.db", folder / "optuna.db")


def check_optuna_journal(ours, folder):
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return check_optuna(ours, JournalStorage(JournalFileBackend(str(folder / "journal.log"))), folder / "journal.log")


def table(file, step, delimiter=","):
    """What Python's own reader finds: by column, (step, 0, value) of each cell that is not empty."""
    columns = {}
    with open(file, newline="") as text:
        for row in csv.DictReader(text, delimiter=delimiter):
            for name, cell in row.items():
                if name != step and cell not in ("", "NA"):
                    try:
                        value = float(cell)
                        columns.setdefault(name, []).append((int(row[step]), 0, value))
                    except ValueError:
                        pass
    return columns


def compare_table(mine, theirs, leave=()):
    theirs = {name: cells for name, cells in theirs.items() if name not in leave}
    require(sorted(mine["values"]) == sorted(theirs), f"columns {sorted(mine['values'])}, expected {sorted(theirs)}")
    return sum(compare(name, mine["values"][name], theirs[name]) for name in theirs)


def check_keras(ours, folder):
    import keras

    file = folder / "training.csv"
    for _ in range(2):
        logger = keras.callbacks.CSVLogger(str(file), append=True)
        logger.set_model(types.SimpleNamespace(stop_training=False))
        logger.on_train_begin()
        for epoch, value in enumerate(values(30, 1)):
            logs = {"loss": value, "accuracy": 0.1 * epoch, "lr": [0.1, 0.2]}
            logger.on_epoch_end(epoch, logs | ({"val_loss": -value} if epoch % 3 == 0 or epoch == 0 else {"val_loss": "NA"}))
        logger.on_train_end()
    said = ours.read(file)
    require(said["format"] == "keras", said["format"])
    (mine,) = said["runs"].values()
    require(mine["restarts"] and mine["restarts"][0].startswith("0 after"), f"restarts {mine['restarts']}")
    require(any("'lr'" in s for s in said["skipped"]), "the vectors are not told")
    return compare_table(mine, table(file, "epoch"))


def lightning_writer(folder):
    """Lightning's own writer of metrics.csv. Without PyTorch, its module is loaded with stubs for what it imports."""
    spec = importlib.util.find_spec("lightning_fabric")
    if spec is None:
        raise ModuleNotFoundError("lightning_fabric", name="lightning-fabric")
    if importlib.util.find_spec("torch"):
        from lightning_fabric.loggers.csv_logs import _ExperimentWriter

        return _ExperimentWriter(str(folder))
    import fsspec

    plain = lambda *args, **kwargs: None
    stubs = {
        "torch": {"Tensor": type("Tensor", (), {})},
        "lightning_fabric": {},
        "lightning_fabric.loggers": {},
        "lightning_fabric.loggers.logger": {"Logger": object, "rank_zero_experiment": lambda f: f},
        "lightning_fabric.utilities": {},
        "lightning_fabric.utilities.cloud_io": {"_is_dir": plain, "get_filesystem": lambda path: fsspec.filesystem("file")},
        "lightning_fabric.utilities.logger": {"_add_prefix": plain},
        "lightning_fabric.utilities.rank_zero": {"rank_zero_only": lambda f: f, "rank_zero_warn": plain},
        "lightning_fabric.utilities.types": {"_PATH": str},
    }
    for name, names in stubs.items():
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(names)
    source = pathlib.Path(spec.submodule_search_locations[0], "loggers", "csv_logs.py")
    module = types.ModuleType("csv_logs")
    exec(compile(source.read_text(), str(source), "exec"), module.__dict__)
    return module._ExperimentWriter(str(folder))


def check_lightning(ours, folder):
    logs = folder / "proj" / "lightning_logs" / "version_0"
    writer = lightning_writer(logs)
    for epoch, value in enumerate(values(60, 2)):
        writer.log_metrics({"epoch": epoch, "val_loss": -value}, step=epoch * 50 + 49)
        writer.log_metrics({"epoch": epoch, "train_loss": value, **({"late": 1.0} if epoch > 30 else {})}, step=epoch * 50 + 49)
        if epoch % 7 == 0:
            writer.save()
    writer.save()
    (logs / "hparams.yaml").write_text("lr: 0.001\nlayers: 3\nname: no\nmodel: !!python/name:os.system ''\n")
    said = ours.read(logs / "metrics.csv")
    require(said["format"] == "lightning", said["format"])
    (mine,) = said["runs"].values()
    require(mine["parameters"] == {"lr": 0.001, "layers": 3, "name": "no"}, f"parameters {mine['parameters']}")
    return compare_table(mine, table(logs / "metrics.csv", "step"), leave=("epoch",))


def check_dvclive(ours, folder):
    from dvclive import Live

    with Live(str(folder / "dvclive"), save_dvc_exp=False, dvcyaml=None) as live:
        live.log_params({"lr": 0.1, "opt": {"name": "adam"}})
        for value in values(40, 3):
            live.log_metric("loss", value, timestamp=True)
            live.log_metric("train/acc", abs(value))
            live.next_step()
    said = ours.read(folder / "dvclive")
    (mine,) = said["runs"].values()
    require(mine["parameters"] == {"lr": 0.1, "opt.name": "adam"}, f"parameters {mine['parameters']}")
    metrics = folder / "dvclive" / "plots" / "metrics"
    theirs = {}
    for file in metrics.rglob("*.tsv"):
        name = str(file.relative_to(metrics))[: -len(".tsv")]
        theirs[name] = table(file, "step", "\t")[file.stem]
    require(all(int(v[1]) != NO_TIME for v in mine["values"]["loss"]), "no times")
    return compare_table(mine, theirs)


def check_catboost(ours, folder):
    from catboost import CatBoostClassifier

    rng = random.Random(4)
    rows = [[rng.random() for _ in range(4)] for _ in range(400)]
    labels = [int(a + b > c + d) for a, b, c, d in rows]
    model = CatBoostClassifier(iterations=25, custom_metric=["AUC"], train_dir=str(folder / "catboost_info"), verbose=False, thread_count=1)
    model.fit(rows[:300], labels[:300], eval_set=(rows[300:], labels[300:]))
    said = ours.read(folder / "catboost_info")
    require(said["format"] == "catboost", said["format"])
    (mine,) = said["runs"].values()
    require(mine["planned"] == 24 and mine["end"] == "COMPLETED", f"planned {mine['planned']}, end {mine['end']}")
    compared = 0
    for part, prefix in (("learn", "learn/"), ("validation", "test/")):
        for metric, theirs in model.get_evals_result()[part].items():
            read = mine["values"].get(prefix + metric)
            if read is None:
                require(metric == "AUC" and part == "learn", f"{prefix}{metric} is missing; there are {sorted(mine['values'])}")
                continue
            require(len(read) == len(theirs), f"{prefix}{metric}: {len(read)} of {len(theirs)} values")
            # The files have ten digits.
            for (step, _, value), other in zip(read, theirs):
                require(abs(float(value) - other) <= 1e-9 * max(1, abs(other)), f"{prefix}{metric} at {step}: {value}, CatBoost {other}")
            compared += len(read)
    for name in ("learn_error", "test_error"):
        for metric, theirs in table(folder / "catboost_info" / f"{name}.tsv", "iter", "\t").items():
            compared += compare(metric, mine["values"][name.split("_")[0] + "/" + metric], theirs)
    return compared


CHECKS = [
    check_mlflow_database,
    check_mlflow_files,
    check_mlflow_server,
    check_optuna_database,
    check_optuna_journal,
    check_keras,
    check_lightning,
    check_dvclive,
    check_catboost,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classpath", required=True, help="of predictor-training with its tests; see README.md")
    parser.add_argument("--only", default="", help="a part of the name of the checks to run")
    arguments = parser.parse_args()
    # The checks run in folders of their own.
    ours = Ours(os.pathsep.join(os.path.abspath(part) for part in arguments.classpath.split(os.pathsep)))
    failed = 0
    for check in CHECKS:
        name = check.__name__[len("check_") :]
        if arguments.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            before = os.getcwd()
            os.chdir(folder)
            try:
                print(f"{name}: {check(ours, pathlib.Path(folder).resolve())} values agree")
            except ModuleNotFoundError as missing:
                print(f"{name}: left out, {missing.name} is not installed")
            except Mismatch as difference:
                failed += 1
                print(f"{name}: DIFFERS, {difference}")
            finally:
                os.chdir(before)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
