package io.stopcast.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is judged beside the protocol's own rows.
 *
 * @param rules replays of further families of rules, one for each way of showing the horizon; empty for none
 * @param contenders policies that are learned in each fold
 * @param adapting whether a choice among all tuned families and the learned policy is made as well, see {@link Adapting}
 */
public record Strategies(List<RuleReplays> rules, List<Contender> contenders, boolean adapting) {
  /** The protocol's own rows alone. */
  public static final Strategies NONE = new Strategies(List.of(), List.of(), false);

  public Strategies {
    rules = List.copyOf(rules);
    contenders = List.copyOf(contenders);
  }

  /** The same and more contenders, whose rows follow those of the others. */
  public Strategies with(List<Contender> more) {
    return new Strategies(rules, Stream.concat(contenders.stream(), more.stream()).toList(), adapting);
  }

  /** The names of the rows, in their order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    rules.stream().limit(1).flatMap(replays -> replays.families().stream()).map(Family::name).forEach(names::add);
    contenders.stream().map(Contender::name).forEach(names::add);
    if (adapting) {
      names.add(Adapting.NAME);
    }
    Stream<String> own = Stream.concat(Baselines.families().stream().map(Family::name), Results.OWN.stream());
    if (Stream.concat(names.stream(), own).distinct().count() < names.size() + Baselines.families().size() + Results.OWN.size()) {
      throw new IllegalArgumentException("each row needs a name of its own, but the further ones are " + names);
    }
    return List.copyOf(names);
  }
}
