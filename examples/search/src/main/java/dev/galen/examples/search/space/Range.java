package dev.galen.examples.search.space;

/**
 * What one parameter may be. Samplers see every value as a number: of a choice it is the place in
 * the list, from 0.
 */
public sealed interface Range permits FloatRange, IntRange, Choices {
  /** How many values there are; {@link Long#MAX_VALUE} where they lie without steps. */
  long size();

  /** Whether there is nothing to choose. */
  default boolean isSingle() {
    return size() == 1;
  }

  /** Whether {@code number} stands for a value of this range. */
  boolean contains(double number);

  /** The value that {@code number} stands for, as text. */
  String text(double number);

  /** The {@code i}-th value, from 0, as a number; where there are no steps, the ends alone. */
  double at(long i);

  /** The range as text, from which {@link RangeText#parse} makes it again. */
  String text();
}
