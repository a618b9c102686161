package dev.galen.train;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What a {@link Phase} is in a recording of Java's Flight Recorder. */
@Name("dev.galen.train.Phase")
@Label("Phase of training")
@Description("Part of an update, an evaluation or a checkpoint of a run")
@Category({"Galen", "Training"})
@StackTrace(false)
final class PhaseEvent extends Event {
  @Label("Phase")
  String phase;

  @Label("Update")
  @Description("The update under way, or the last one that was made")
  long step;
}
