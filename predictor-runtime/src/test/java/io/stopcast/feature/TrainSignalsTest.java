package io.stopcast.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.stopcast.run.Objective;
import io.stopcast.run.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainSignalsTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          val_loss        , train_loss
          valid_accuracy  , train_accuracy
          validation_loss , train_loss
          eval_return     , train_return
          test_acc        , train_acc
          dev_em          , train_em
          val/loss        , train/loss
          accuracy        ,
          value_loss      ,
          val_            ,
          val             ,
          train_loss      ,
          """)
  void counterpart_ofAName(String metric, String expected) {
    assertEquals(expected, TrainSignals.counterpart(metric));
  }

  @Test
  void point_manyReportsBetweenPoints_countAsTheirMean() {
    TrainSignals often = new TrainSignals(Objective.maximize("em"));
    TrainSignals once = new TrainSignals(Objective.maximize("em"));
    for (int point = 0; point < 12; point++) {
      for (double part : new double[] {-1, 0, 1}) {
        often.observe(Step.of(point, point, "train_loss", 10 - point + part));
      }
      once.observe(Step.of(point, point, "train_loss", 10 - point));
      often.point(point);
      once.point(point);
      assertEquals(once.smooth(), often.smooth(), 1e-12);
      assertEquals(once.fiveAgo(), often.fiveAgo(), 1e-12);
      assertEquals(once.span(), often.span(), 1e-12);
    }
    assertEquals(once.smooth() - once.fiveAgo(), 5, .5);
  }

  @Test
  void gap_trainingBetterThanObjective_isPositiveInEitherDirection() {
    List<String> names = List.of("val_loss", "train_loss");
    TrainSignals train = new TrainSignals(Objective.minimize("val_loss"));
    assertEquals(Double.NaN, train.gap());
    for (int point = 1; point <= 20; point++) {
      train.observe(Step.of(point, point, names, 2, 2 - .1 * point));
      train.point(-2);
    }
    assertTrue(train.gap() > 1.5, "gap " + train.gap());
    assertTrue(train.gapTrend() > 0, "trend " + train.gapTrend());
  }

  @Test
  void point_unusableObjective_leavesTheGapAlone() {
    TrainSignals train = new TrainSignals(Objective.maximize("val_em"));
    train.observe(Step.of(1, 1, "train_em", .5));
    train.point(.25);
    train.observe(Step.of(2, 2, "train_em", .9));
    train.point(Double.NaN);
    assertEquals(.25, train.gap());
    assertFalse(train.present());
  }

  @Test
  void observe_unusableLoss_isNotPresent() {
    TrainSignals train = new TrainSignals(Objective.maximize("em"));
    train.observe(Step.of(1, 1, "train_loss", Double.NaN));
    train.observe(Step.of(2, 2, "train_loss", Double.NEGATIVE_INFINITY));
    assertFalse(train.present());
  }
}
