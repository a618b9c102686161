/**
 * The search over a training run's settings: {@link dev.galen.examples.search.recipe.RecipeSearch}
 * runs a recipe with other values of some of its fields, {@link
 * dev.galen.examples.search.recipe.RecipeParameter}, and keeps what came of each.
 */
package dev.galen.examples.search.recipe;
