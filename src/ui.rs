//! Draws the model. Reads only.
