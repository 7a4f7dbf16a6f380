package io.stopcast.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.run.End;
import io.stopcast.run.Horizon;
import io.stopcast.run.Objective;
import io.stopcast.run.Run;
import io.stopcast.run.RunContext;
import io.stopcast.run.Step;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunWriterTest {
  @Test
  void line_runWithLabelsAndMissingValues_isInTheFormOfTheHistories() {
    RunContext context =
        new RunContext(
            "stopcast",
            "linear/toy",
            "001",
            Objective.minimize("val_rmse"),
            Horizon.ofPoints(2),
            "samples",
            Map.of("seed", 7L, "learning_rate", 0.1 + 0.2, "optimizer", "adam"));
    List<String> names = List.of("val_rmse", "train_loss");
    Run run =
        new Run(
            context,
            List.of(
                Step.of(1, 1234567, names, 1234567.0, 1.25e-7),
                Step.of(2, 2469134, names, Double.NaN, Double.POSITIVE_INFINITY)),
            Map.of("test_rmse", new double[] {2, Double.NaN}),
            End.DIVERGED);

    assertEquals(
        "{\"source\":\"stopcast\",\"task\":\"linear/toy\",\"run\":\"001\","
            + "\"context\":{\"learning_rate\":0.3,\"optimizer\":\"adam\",\"seed\":7},"
            + "\"objective\":{\"name\":\"val_rmse\",\"goal\":\"min\"},\"end\":\"diverged\",\"planned\":2,"
            + "\"cost_unit\":\"samples\",\"labels\":[\"test_rmse\"],\"steps\":["
            + "{\"step\":1,\"cost\":1234567,\"values\":{\"val_rmse\":1234600,\"train_loss\":1.25E-7,\"test_rmse\":2}},"
            + "{\"step\":2,\"cost\":2469134,\"values\":{}}]}\n",
        new String(RunWriter.line(run), StandardCharsets.UTF_8));
  }
}
