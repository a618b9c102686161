/**
 * Units turned into one another, analyte by analyte.
 *
 * <p>{@link dev.galen.examples.clinical.structure.unit.UnitConversion} is the way in; the factors
 * and molar masses stand in {@code units.txt}.
 */
package dev.galen.examples.clinical.structure.unit;
