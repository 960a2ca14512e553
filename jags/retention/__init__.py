"""Apply retention rules, holds, purges and erasure, and keep the record of them."""
