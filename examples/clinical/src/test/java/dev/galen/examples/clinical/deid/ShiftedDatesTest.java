package dev.galen.examples.clinical.deid;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShiftedDatesTest {
  /** Written forms of a whole date, with what reads each of them. */
  private static final List<String> FORMS =
      List.of(
          "MM/dd/yyyy",
          "M/d/yyyy",
          "yyyy-MM-dd",
          "yyyyMMdd",
          "d-MMM-yyyy",
          "MMMM d, yyyy",
          "d MMMM yyyy",
          "dd.MM.yyyy",
          "d.M.yyyy",
          "ddMMMyyyy",
          "EEEE, MMMM d, yyyy");

  @Test
  void everyIntervalIsKept() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 2_000; i++) {
      var form = DateTimeFormatter.ofPattern(FORMS.get(i % FORMS.size()), Locale.ENGLISH);
      var first = LocalDate.of(1920, 1, 1).plusDays(random.nextInt(40_000));
      var second = first.plusDays(random.nextInt(4_000));
      int days = random.nextInt(-365, 366);
      LocalDate a = LocalDate.parse(ShiftedDates.shift(first.format(form), days, 2000), form);
      LocalDate b = LocalDate.parse(ShiftedDates.shift(second.format(form), days, 2000), form);
      assertEquals(ChronoUnit.DAYS.between(first, second), ChronoUnit.DAYS.between(a, b));
      assertEquals(first.plusDays(days), a);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12/03/2021|10|12/13/2021",
        "3-Dec-21|-3|30-Nov-21",
        "December 3rd, 2021|1|December 4th, 2021",
        "the 3rd of December|0|",
        "3rd of December|30|2nd of January",
        "12/31|1|01/01",
        "31.12.2019|1|01.01.2020",
        "DEC 3, 2021|60|FEB 1, 2022",
        "January tenth two thousand nine|-10|December thirty first two thousand eight",
        "December 1999|31|January 2000",
        "02/30/2021|1|",
        "Feb 29|1|Mar 1",
      })
  void keepsTheForm(String date, int days, String expected) {
    assertEquals(expected, ShiftedDates.shift(date, days, 2021));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // One that can be read in one way alone tells it for those beside it.
        "25/03/2020|04/05/2020|10|14/05/2020",
        "03/25/2020|04/05/2020|10|04/15/2020",
        "25-03-2020|04-05-2020|10|14-05-2020",
        "3.25.2020|4.5.2020|10|4.15.2020",
        "25.3.2020|4.5.2020|10|14.5.2020",
        // Of other separators it tells nothing.
        "25.3.2020|04/05/2020|10|04/15/2020",
        "25/03|04/05|10|14/05",
      })
  void theOrderOfDayAndMonthIsThatOfTheText(String other, String date, int days, String expected) {
    DateOrder order = DateOrder.of(List.of(date, other));
    assertEquals(expected, ShiftedDates.shift(date, days, 2021, order));
  }
}
