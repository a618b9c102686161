package dev.galen.train.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.hf.JsonFields;
import dev.galen.train.data.Examples;

/**
 * How many examples data have, and whether any of them is tokenised: all, those to learn, those to
 * measure.
 */
record DataCounts(
    long all,
    boolean allTokenised,
    long train,
    boolean trainTokenised,
    long held,
    boolean heldTokenised) {

  static DataCounts of(Examples all, Examples train, Examples held) {
    return new DataCounts(
        all.count(),
        all.tokenised(),
        train.count(),
        train.tokenised(),
        held.count(),
        held.tokenised());
  }

  static DataCounts of(JsonFields json) {
    return new DataCounts(
        TrainingJson.whole(json, "all"),
        json.flag("allTokenised", false),
        TrainingJson.whole(json, "train"),
        json.flag("trainTokenised", false),
        TrainingJson.whole(json, "held"),
        json.flag("heldTokenised", false));
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("all", all)
        .put("allTokenised", allTokenised)
        .put("train", train)
        .put("trainTokenised", trainTokenised)
        .put("held", held)
        .put("heldTokenised", heldTokenised);
  }

  Examples all(Examples.Source source) {
    return Examples.known(source, all, allTokenised);
  }

  Examples train(Examples.Source source) {
    return Examples.known(source, train, trainTokenised);
  }

  Examples held(Examples.Source source) {
    return Examples.known(source, held, heldTokenised);
  }
}
