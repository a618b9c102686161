package dev.galen.examples.clinical.structure.value;

import dev.galen.examples.clinical.document.Annotation;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds vital signs, laboratory values and doses.
 *
 * <p>Each is an annotation of the category {@code value} over the number with its unit (for a dose:
 * amount, way and frequency), with the attributes that the text gives:
 *
 * <ul>
 *   <li>{@code kind}: {@code blood_pressure}, {@code heart_rate}, {@code respiratory_rate}, {@code
 *       temperature}, {@code oxygen_saturation}, {@code weight}, {@code height}, {@code bmi},
 *       {@code lab} or {@code dose};
 *   <li>{@code name}: of a laboratory value, such as {@code sodium} or, where the list does not
 *       have it, the words of the text in lower case;
 *   <li>{@code value}: the number, two of them as in {@code 140/90} or {@code 95-97};
 *   <li>{@code unit}: as {@code units.txt} writes it; absent where the text has none;
 *   <li>{@code comparator}: {@code <}, {@code >}, {@code <=} or {@code >=};
 *   <li>{@code part}: {@code systolic}, {@code diastolic} or {@code mean}, where one of a blood
 *       pressure stands alone;
 *   <li>{@code range} and {@code flag}: the reference range, and H, L, HH, LL or {@code *};
 *   <li>{@code drug}, {@code route}, {@code frequency}: of a dose, as they are written;
 *   <li>{@code time}: when it was measured, as it is written.
 * </ul>
 *
 * <p>Numbers that are none of these stay alone: 5/5 strength, L4-5, a 3/6 murmur, dates, telephone
 * and page numbers, scores, goals and thresholds ("call if BP above 160/100"), changes of weight.
 */
public final class Values {
  /** The category of the annotations. */
  public static final String CATEGORY = "value";

  private Values() {}

  /** All values of {@code text} in their order. */
  public static List<Annotation> of(String text) {
    if (!hasNumber(text)) {
      return List.of();
    }
    List<Draft> drafts = new ValueScan(text).scan();
    List<Annotation> values = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      values.add(draft.annotation());
    }
    return values;
  }

  private static boolean hasNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        return true;
      }
    }
    return text.contains("tablet") || text.contains("puff") || text.contains("capsule");
  }
}
