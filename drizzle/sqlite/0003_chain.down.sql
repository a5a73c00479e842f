DROP TABLE chain_state;
DROP TABLE chain_miners;
DROP TABLE chain_blocks;
