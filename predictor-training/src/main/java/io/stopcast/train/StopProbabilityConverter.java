package io.stopcast.train;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tribuo.Example;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.common.xgboost.XGBoostOutputConverter;
import org.tribuo.common.xgboost.protos.XGBoostOutputConverterProto;
import org.tribuo.protos.ProtoSerializableClass;
import org.tribuo.protos.ProtoUtil;

/** Reads the one number a round of {@code binary:logistic} yields: the probability that stopping is right. */
@ProtoSerializableClass(version = StopProbabilityConverter.CURRENT_VERSION)
public final class StopProbabilityConverter implements XGBoostOutputConverter<Label> {
  private static final long serialVersionUID = 1L;

  public static final int CURRENT_VERSION = 0;

  /** Called by Tribuo when it reads a stored model. */
  public static StopProbabilityConverter deserializeFromProto(int version, String className, Any message)
      throws InvalidProtocolBufferException {
    if (version != CURRENT_VERSION || !message.getValue().isEmpty()) {
      throw new IllegalArgumentException(
          "this class reads version %d of itself, but was given version %d".formatted(CURRENT_VERSION, version));
    }
    return new StopProbabilityConverter();
  }

  @Override
  public boolean generatesProbabilities() {
    return true;
  }

  @Override
  public Prediction<Label> convertOutput(
      ImmutableOutputInfo<Label> info, List<float[]> probabilities, int numValidFeatures, Example<Label> example) {
    return prediction(probabilities.get(0)[0], numValidFeatures, example);
  }

  @Override
  public List<Prediction<Label>> convertBatchOutput(
      ImmutableOutputInfo<Label> info,
      List<float[][]> probabilities,
      int[] numValidFeatures,
      Example<Label>[] examples) {
    List<Prediction<Label>> predictions = new ArrayList<>();
    for (int i = 0; i < examples.length; i++) {
      predictions.add(prediction(probabilities.get(0)[i][0], numValidFeatures[i], examples[i]));
    }
    return predictions;
  }

  private static Prediction<Label> prediction(float stop, int numValidFeatures, Example<Label> example) {
    Label yes = new Label(BinaryBoostingTrainer.STOP.getLabel(), stop);
    Label no = new Label(BinaryBoostingTrainer.CONTINUE.getLabel(), 1 - stop);
    Map<String, Label> scores = new LinkedHashMap<>();
    scores.put(yes.getLabel(), yes);
    scores.put(no.getLabel(), no);
    return new Prediction<>(stop >= 0.5f ? yes : no, scores, numValidFeatures, example, true);
  }

  @Override
  public XGBoostOutputConverterProto serialize() {
    return ProtoUtil.serialize(this);
  }

  @Override
  public Class<Label> getTypeWitness() {
    return Label.class;
  }
}
