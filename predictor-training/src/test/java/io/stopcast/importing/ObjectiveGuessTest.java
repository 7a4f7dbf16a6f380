package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.importing.ObjectiveGuess.Candidate;
import io.stopcast.run.Direction;
import io.stopcast.run.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectiveGuessTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train_loss val_loss val_acc lr epoch            | val_acc:MAXIMIZE
          loss accuracy val_loss val_accuracy             | val_accuracy:MAXIMIZE
          train/loss eval/loss                            | eval/loss:MINIMIZE
          validation/wer validation/loss test/wer         | validation/loss:MINIMIZE
          metrics/mAP50(B) metrics/mAP50-95(B) lr/pg0     | metrics/mAP50(B):MAXIMIZE
          learn_Logloss validation_Logloss                | validation_Logloss:MINIMIZE
          episode_reward_mean time_total_s                | episode_reward_mean:MAXIMIZE
          train_loss test_accuracy                        | test_accuracy:MAXIMIZE
          loss learning_rate grad_norm                    | loss:MINIMIZE
          eval_f1 eval_runtime eval_samples_per_second    | eval_f1:MAXIMIZE
          valid_0-auc valid_0-binary_logloss              | valid_0-auc:MAXIMIZE
          error_rate                                      | error_rate:MINIMIZE
          """)
  void among_prefersHeldOutThenShares(String metrics, String expected) {
    List<Candidate> candidates = Arrays.stream(metrics.strip().split(" ")).map(m -> new Candidate(m, 1, 10)).toList();
    Objective guess = ObjectiveGuess.among(candidates).orElseThrow();
    assertEquals(expected, guess.metric() + ":" + guess.direction());
  }

  @Test
  void among_metricOfMoreRuns_winsWithinARole() {
    assertEquals(
        Optional.of(Objective.minimize("val_loss")),
        ObjectiveGuess.among(List.of(new Candidate("val_acc", 1, 500), new Candidate("val_loss", 9, 90))));
  }

  @Test
  void among_nothingOfQuality_isEmpty() {
    assertEquals(
        Optional.empty(),
        ObjectiveGuess.among(List.of(new Candidate("gpu_memory", 1, 1), new Candidate("epoch", 1, 1), new Candidate("x", 1, 1))));
  }

  @Test
  void direction_nameOfLoss_isDown() {
    assertEquals(Optional.of(Direction.MINIMIZE), ObjectiveGuess.direction("meanSquaredError"));
    assertTrue(ObjectiveGuess.isTest("TestAccuracy"));
  }
}
