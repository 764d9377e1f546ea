//! Logistic regression with an L2 penalty over rows that are mostly zeros, by L-BFGS.
//!
//! Nothing is drawn by chance: the same rows give the same weights.

use anyhow::{Context, Result};
use argmin::core::{CostFunction, Error, Executor, Gradient, State};
use argmin::solver::{linesearch::MoreThuenteLineSearch, quasinewton::LBFGS};

/// Steps back that L-BFGS remembers.
const MEMORY: usize = 10;

/// Most steps.
const MOST_STEPS: u64 = 1_000;

/// Length of the gradient, in nats, below which the search ends.
const TOLERANCE: f64 = 1e-3;

/// The values of a row that are not zero, each with its column.
pub(crate) type Row = Vec<(usize, f64)>;

struct Problem<'a> {
    rows: &'a [Row],
    labels: &'a [bool],
    penalty: f64,
}

impl Problem<'_> {
    /// Each row with its sign, and its log-odds times that sign. The bias stands behind the weights.
    fn margins(&self, params: &[f64]) -> impl Iterator<Item = (&Row, f64, f64)> {
        let bias = params[params.len() - 1];
        self.rows.iter().zip(self.labels).map(move |(row, label)| {
            let sign = if *label { 1.0 } else { -1.0 };
            let sum: f64 = row
                .iter()
                .map(|(column, value)| params[*column] * value)
                .sum();
            (row, sign, sign * (bias + sum))
        })
    }
}

impl CostFunction for Problem<'_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, params: &Vec<f64>) -> Result<f64, Error> {
        // ln(1 + e^-margin), without an overflow.
        let losses = self
            .margins(params)
            .map(|(_, _, margin)| (-margin).max(0.0) + (-margin.abs()).exp().ln_1p());
        let weights = &params[..params.len() - 1];
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        Ok(losses.sum::<f64>() + self.penalty / 2.0 * squares)
    }
}

impl Gradient for Problem<'_> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, params: &Vec<f64>) -> Result<Vec<f64>, Error> {
        let mut gradient: Vec<f64> = params.iter().map(|param| self.penalty * param).collect();
        let last = params.len() - 1;
        gradient[last] = 0.0;
        for (row, sign, margin) in self.margins(params) {
            let slope = -sign / (1.0 + margin.exp());
            for (column, value) in row {
                gradient[*column] += slope * value;
            }
            gradient[last] += slope;
        }
        Ok(gradient)
    }
}

/// The weight of each of `columns`, and the bias, which is not penalised.
///
/// # Errors
///
/// Where the line search fails.
pub(crate) fn fit(
    rows: &[Row],
    labels: &[bool],
    columns: usize,
    penalty: f64,
) -> Result<(Vec<f64>, f64)> {
    let problem = Problem {
        rows,
        labels,
        penalty,
    };
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), MEMORY).with_tolerance_grad(TOLERANCE)?;
    let result = Executor::new(problem, solver)
        .configure(|state| state.param(vec![0.0; columns + 1]).max_iters(MOST_STEPS))
        .run()?;
    let mut weights = result
        .state()
        .get_best_param()
        .context("no weights fit the data")?
        .clone();
    let bias = weights.pop().context("no bias")?;
    Ok((weights, bias))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_where_the_cost_is_least() {
        let rows = vec![
            vec![(0, 1.0)],
            vec![(0, 2.0), (1, 1.0)],
            vec![(1, 1.0)],
            vec![],
        ];
        let labels = [true, true, false, false];
        let (mut params, bias) = fit(&rows, &labels, 2, 0.1).unwrap();
        assert!(params[0] > 0.0 && params[1] < 0.0 && bias < 0.0);
        params.push(bias);
        let problem = Problem {
            rows: &rows,
            labels: &labels,
            penalty: 0.1,
        };
        let least = problem.cost(&params).unwrap();
        for (at, step) in [
            (0, 0.01),
            (0, -0.01),
            (1, 0.01),
            (1, -0.01),
            (2, 0.01),
            (2, -0.01),
        ] {
            let mut other = params.clone();
            other[at] += step;
            assert!(problem.cost(&other).unwrap() > least);
        }
    }
}
