package io.stopcast.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.importing.ObjectiveGuess.Candidate;
import io.stopcast.run.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectiveGuessTest {
  private static String guess(List<Candidate> candidates) {
    return ObjectiveGuess.among(candidates).map(o -> o.metric() + ":" + Importer.goal(o)).orElse("none");
  }

  @ParameterizedTest(name = "{1} of {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          accuracy loss val_accuracy val_loss learning_rate                     | val_accuracy:max
          train_loss val_loss epoch lr-Adam                                     | val_loss:min
          loss grad_norm learning_rate eval_loss eval_runtime eval_samples_per_second eval_steps_per_second | eval_loss:min
          loss learning_rate train_runtime total_flos                           | loss:min
          train/loss train/accuracy validation/loss                             | validation/loss:min
          train_loss_step train_loss_epoch val_loss_epoch epoch step            | val_loss_epoch:min
          epoch_loss epoch_accuracy                                             | epoch_accuracy:max
          learn/Logloss test/Logloss time/Passed                                | test/Logloss:min
          train/box_loss val/box_loss metrics/precision(B) metrics/mAP50(B) metrics/mAP50-95(B) lr/pg0 | metrics/mAP50(B):max
          episode_reward_mean episode_len_mean timesteps_total                  | episode_reward_mean:max
          validation_0/rmse validation_0/mae                                    | validation_0/mae:min
          valid_0/l2 training/l2                                                | valid_0/l2:min
          valid_0/ndcg@5 valid_0/binary_logloss                                 | valid_0/ndcg@5:max
          valid_1 auc                                                           | auc:max
          test_acc train_acc                                                    | test_acc:max
          test_acc loss                                                         | loss:min
          valid/perplexity train/perplexity                                     | valid/perplexity:min
          dev_wer train_wer                                                     | dev_wer:min
          valMeanIoU trainMeanIoU                                               | valMeanIoU:max
          val_err1 val_err5 loss_scale                                          | val_err1:min
          loss_scale accumulated_bytes interruptions preferred mapped weight_l2 | none
          system/gpu_memory system.cpu.utilization perf/throughput              | none
          foo bar lr step time                                                  | none
          """)
  void among_metricsOfTools(String names, String expected) {
    assertEquals(expected, guess(Arrays.stream(names.split(" ")).map(name -> new Candidate(name, 10, 100)).toList()));
  }

  @Test
  void among_whatMostRunsReport_goesFirstOfItsKind() {
    assertEquals("val_loss:min", guess(List.of(new Candidate("val_acc", 2, 1000), new Candidate("val_loss", 10, 100))));
    assertEquals("val_f1:max", guess(List.of(new Candidate("val_acc", 10, 10), new Candidate("val_f1", 10, 100))));
    // One value on held-out data says more of a run than many on what it was trained on.
    assertEquals("val_acc:max", guess(List.of(new Candidate("train_acc", 10, 1000), new Candidate("val_acc", 10, 10))));
  }

  @Test
  void among_nothing_isNothing() {
    assertEquals(Optional.empty(), ObjectiveGuess.among(List.of()));
  }

  @Test
  void among_anyOrder_isTheSame() {
    List<Candidate> one = List.of(new Candidate("b_loss", 1, 1), new Candidate("a_loss", 1, 1));
    assertEquals(ObjectiveGuess.among(one), ObjectiveGuess.among(List.of(one.get(1), one.get(0))));
    assertEquals(Optional.of(Objective.minimize("a_loss")), ObjectiveGuess.among(one));
  }

  @ParameterizedTest
  @ValueSource(strings = {"test_acc", "test/loss", "testAccuracy", "Test Loss", "metrics.test.f1", "test"})
  void isTest_measuredOnTestData(String metric) {
    assertTrue(ObjectiveGuess.isTest(metric));
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest_loss", "val_loss", "contest", "testing_tool", ""})
  void isTest_others(String metric) {
    assertFalse(ObjectiveGuess.isTest(metric));
  }
}
