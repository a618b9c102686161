package dev.galen.tokenizer.jinja;

import dev.galen.tokenizer.jinja.Expression.Arguments;
import dev.galen.tokenizer.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads what is passed in a call. */
final class ArgumentsParser {

  private ArgumentsParser() {}

  /** Reads {@code (a, name=b, *c, **d)}. */
  static Arguments read(TokenReader in, ExpressionParser expressions) {
    in.expectOperator("(");
    List<Expression> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    Expression spread = null;
    Expression namedSpread = null;
    while (!in.skipOperator(")")) {
      boolean spreadBefore = spread != null || namedSpread != null;
      if (in.current().isOperator("*") && !spreadBefore) {
        in.next();
        spread = expressions.expression();
      } else if (in.current().isOperator("**") && namedSpread == null) {
        in.next();
        namedSpread = expressions.expression();
      } else if (in.current().kind() == Kind.NAME && in.following().isOperator("=")) {
        if (namedSpread != null) {
          throw in.error("an argument stands behind **");
        }
        names.add(in.anyName());
        in.next();
        values.add(expressions.expression());
      } else if (!spreadBefore && names.isEmpty()) {
        values.add(expressions.expression());
      } else {
        throw in.error("an argument without a name stands behind one with a name, * or **");
      }
      if (!in.current().isOperator(")")) {
        in.expectOperator(",");
      }
    }
    return new Arguments(values, names, spread, namedSpread);
  }
}
