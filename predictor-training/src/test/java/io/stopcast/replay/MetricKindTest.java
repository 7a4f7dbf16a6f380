package io.stopcast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.stopcast.run.Objective;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricKindTest {
  @ParameterizedTest(name = "{0} {1} -> {2}")
  @CsvSource({
    "min, val_loss, LOSS",
    "min, val/perplexity, LOSS",
    "min, test_CrossEntropy, LOSS",
    "min, val_mse, LOSS",
    "min, val_wer, ACCURACY",
    "min, fid, OTHER",
    "max, val_accuracy, ACCURACY",
    "max, val_mAP50-95, ACCURACY",
    "max, dev_auroc, ACCURACY",
    "max, val_bleu, ACCURACY",
    "max, em, ACCURACY",
    "max, val_exact_match, ACCURACY",
    "max, eval_return, REWARD",
    "max, tokens_per_second, OTHER"
  })
  void of_nameAndDirection(String goal, String metric, MetricKind expected) {
    assertEquals(
        expected, MetricKind.of(goal.equals("min") ? Objective.minimize(metric) : Objective.maximize(metric)));
  }
}
