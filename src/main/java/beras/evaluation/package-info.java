/** Reports on predictions: the confusion matrix, curves over all thresholds, and the tables of classification and regression. */
package beras.evaluation;
