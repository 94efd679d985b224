import type { GraphQLResolveInfo } from 'graphql';
import type { User as UserRow, Product as ProductRow } from './tables.ts';
import type { ShopContext } from './context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
};

/** Whether callers share a kept answer. */
export type CacheControlScope =
  /** Each caller has their own. */
  | 'PRIVATE'
  /** They do. */
  | 'PUBLIC';

/** What drops a kept answer before its time, besides what names it: `@invalidates`, and code. */
export type CacheLevel =
  /** A change of an object in it: for tables that change all the time. */
  | 'ENTITY'
  /** A write to a table that was read for it, and a change of an object in it. */
  | 'TABLE'
  /** Nothing. */
  | 'TTL';

/** A new account. */
export type CreateUserInput = {
  /** The e-mail address, which is also what the user signs in with. */
  email: Scalars['String']['input'];
  /** What the user is called, 1 to 100 characters. */
  name: Scalars['String']['input'];
  /** The password, 8 to 128 characters. */
  password: Scalars['String']['input'];
};

/** How the server is. */
export type Health = {
  __typename?: 'Health';
  /** OK whenever there is an answer. */
  status: HealthStatus;
  /** For how many seconds this process has run. */
  uptime: Scalars['Int']['output'];
};

/** How the server is, in a word. */
export type HealthStatus =
  /** It answers. */
  | 'OK';

/** Who signs in. */
export type LoginInput = {
  /** The account's e-mail address, in any case, up to 254 characters. */
  email: Scalars['String']['input'];
  /** The account's password, up to 128 characters. */
  password: Scalars['String']['input'];
};

/** What can be changed. */
export type Mutation = {
  __typename?: 'Mutation';
  /** Adds a product. For callers of the tier ADMIN. */
  createProduct?: Maybe<Product>;
  /** Creates an account. A second one with the same e-mail address, in any case, is a CONFLICT. */
  createUser?: Maybe<User>;
  /** Removes a product; true once it is gone. For callers of the tier ADMIN. */
  deleteProduct?: Maybe<Scalars['Boolean']['output']>;
  /**
   * Signs in with e-mail and password. Only failures count towards the limits: of one e-mail address at one address, and
   * looser ones of either alone, so that whoever guesses elsewhere does not lock anybody out with a few attempts.
   */
  login?: Maybe<Session>;
  /** Changes a product. For callers of the tier ADMIN. */
  updateProduct?: Maybe<Product>;
};


/** What can be changed. */
export type MutationCreateProductArgs = {
  input: ProductInput;
};


/** What can be changed. */
export type MutationCreateUserArgs = {
  input: CreateUserInput;
};


/** What can be changed. */
export type MutationDeleteProductArgs = {
  id: Scalars['ID']['input'];
};


/** What can be changed. */
export type MutationLoginArgs = {
  input: LoginInput;
};


/** What can be changed. */
export type MutationUpdateProductArgs = {
  id: Scalars['ID']['input'];
  input: ProductInput;
};

/** Something for sale. */
export type Product = {
  __typename?: 'Product';
  /** Identifies the product. */
  id: Scalars['ID']['output'];
  /** What the product is called. */
  name: Scalars['String']['output'];
  /** The price, with at most two decimals. */
  price: Scalars['Float']['output'];
};

/** What a product is to be. */
export type ProductInput = {
  /** What the product is called, 1 to 200 characters. */
  name: Scalars['String']['input'];
  /** The price, from 0 to 1,000,000, with at most two decimals. */
  price: Scalars['Float']['input'];
};

/** What can be asked for. */
export type Query = {
  __typename?: 'Query';
  /** Whether the server can answer, and for how long it has run. */
  health: Health;
  /** The signed-in user, or null for callers who are not signed in. */
  me?: Maybe<User>;
  /** The products added last, at most 10. */
  newProducts?: Maybe<Array<Product>>;
  /** The products sold most, at most 10. */
  popularProducts?: Maybe<Array<Product>>;
  /** One product. An unknown id gives null and an error NOT_FOUND. */
  product?: Maybe<Product>;
  /** All products, by id. */
  products?: Maybe<Array<Product>>;
  /** The caller's own buckets. Asking for them uses nothing. */
  rateLimits: Array<RateLimitStatus>;
  /** All products, by id; at most 100. Administrators may ask ten times as often as others. */
  roleBasedProducts?: Maybe<Array<Product>>;
  /** The products whose name contains the text, in any case; at most 100, by id. */
  searchProducts?: Maybe<Array<Product>>;
  /** One user, or null if there is none with this id. */
  user?: Maybe<User>;
  /** All users, by id. */
  users?: Maybe<Array<User>>;
};


/** What can be asked for. */
export type QueryProductArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked for. */
export type QueryProductsArgs = {
  after?: InputMaybe<Scalars['ID']['input']>;
  first?: Scalars['Int']['input'];
};


/** What can be asked for. */
export type QuerySearchProductsArgs = {
  query: Scalars['String']['input'];
};


/** What can be asked for. */
export type QueryUserArgs = {
  id: Scalars['ID']['input'];
};


/** What can be asked for. */
export type QueryUsersArgs = {
  after?: InputMaybe<Scalars['ID']['input']>;
  first?: Scalars['Int']['input'];
};

/** Whether an answer from the cache counts. */
export type RateLimitCacheHit =
  /** It counts like a fresh one. */
  | 'CHARGE'
  /** It is free. */
  | 'FREE';

/** Which attempts stay counted. */
export type RateLimitCount =
  /** All of them. */
  | 'ATTEMPT'
  /** Those that failed; a success gives its units back. */
  | 'FAILURE'
  /** Those that succeeded; a failure gives its units back. */
  | 'SUCCESS';

/** Whom a limit counts by. */
export type RateLimitKey =
  /** The API key. */
  | 'API_KEY'
  /** Nobody in particular: one bucket for all callers. */
  | 'GLOBAL'
  /** The client's address; IPv6 addresses count by their /64 network. */
  | 'IP'
  /** The signed-in user. */
  | 'USER';

/** What happens to a selection that is over its limit. */
export type RateLimitMode =
  /** It is denied. */
  | 'ENFORCE'
  /** It is answered, and reported. */
  | 'REPORT';

/** How much of a limit a caller has used. */
export type RateLimitStatus = {
  __typename?: 'RateLimitStatus';
  /** How many units the caller may use within the window. */
  limit: Scalars['Int']['output'];
  /** The name of the limit's bucket. */
  policy: Scalars['String']['output'];
  /** How many units are left now. */
  remaining: Scalars['Int']['output'];
  /** When all units will be back, in ISO 8601; null while none is used. */
  resetAt?: Maybe<Scalars['String']['output']>;
  /** The length of the window in seconds. */
  window: Scalars['Int']['output'];
};

/** How uses are counted over time. */
export type RateLimitStrategy =
  /** One counter that starts with the first use and ends with the window. A burst across two windows can reach twice the limit. */
  | 'FIXED_WINDOW'
  /** The time of every use: never more than the limit in any window. */
  | 'SLIDING_LOG'
  /** Two weighted counters: close to exact, at constant cost. */
  | 'SLIDING_WINDOW'
  /** Units flow back evenly: bursts up to the limit, then a steady rate. */
  | 'TOKEN_BUCKET';

/** A limit for the callers of one tier. */
export type RateLimitTier = {
  /** How many; null: unlimited; 0: never. */
  limit?: InputMaybe<Scalars['Int']['input']>;
  /** The tier's name, such as ANONYMOUS, USER or ADMIN. */
  tier: Scalars['String']['input'];
};

/** What a limit counts. */
export type RateLimitUnit =
  /** What they cost by `@cost` and `@listSize`, with everything below them. */
  | 'COST'
  /** Selections of the field; on the schema, operations. */
  | 'SELECTION';

/** A signed-in session. */
export type Session = {
  __typename?: 'Session';
  /** When the token ends, in ISO 8601. */
  expiresAt: Scalars['String']['output'];
  /** Goes into the header `Authorization: Bearer …` of later requests. */
  token: Scalars['String']['output'];
  /** Who signed in. */
  user: User;
};

/** Someone with an account. */
export type User = {
  __typename?: 'User';
  /** The user's e-mail address. */
  email: Scalars['String']['output'];
  /** Identifies the user. */
  id: Scalars['ID']['output'];
  /** What the user is called. */
  name: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CacheControlScope: CacheControlScope;
  CacheLevel: CacheLevel;
  CreateUserInput: CreateUserInput;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Health: ResolverTypeWrapper<Health>;
  HealthStatus: HealthStatus;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  LoginInput: LoginInput;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Product: ResolverTypeWrapper<ProductRow>;
  ProductInput: ProductInput;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RateLimitCacheHit: RateLimitCacheHit;
  RateLimitCount: RateLimitCount;
  RateLimitKey: RateLimitKey;
  RateLimitMode: RateLimitMode;
  RateLimitStatus: ResolverTypeWrapper<RateLimitStatus>;
  RateLimitStrategy: RateLimitStrategy;
  RateLimitTier: RateLimitTier;
  RateLimitUnit: RateLimitUnit;
  Session: ResolverTypeWrapper<Omit<Session, 'user'> & { user: ResolversTypes['User'] }>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  User: ResolverTypeWrapper<UserRow>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Boolean: Scalars['Boolean']['output'];
  CreateUserInput: CreateUserInput;
  Float: Scalars['Float']['output'];
  Health: Health;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  LoginInput: LoginInput;
  Mutation: Record<PropertyKey, never>;
  Product: ProductRow;
  ProductInput: ProductInput;
  Query: Record<PropertyKey, never>;
  RateLimitStatus: RateLimitStatus;
  RateLimitTier: RateLimitTier;
  Session: Omit<Session, 'user'> & { user: ResolversParentTypes['User'] };
  String: Scalars['String']['output'];
  User: UserRow;
};

export type CacheControlDirectiveArgs = {
  inheritMaxAge?: Maybe<Scalars['Boolean']['input']>;
  level?: Maybe<CacheLevel>;
  maxAge?: Maybe<Scalars['Int']['input']>;
  scope?: Maybe<CacheControlScope>;
  staleIfError?: Maybe<Scalars['Int']['input']>;
  staleWhileRevalidate?: Maybe<Scalars['Int']['input']>;
};

export type CacheControlDirectiveResolver<Result, Parent, ContextType = ShopContext, Args = CacheControlDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CostDirectiveArgs = {
  weight: Scalars['String']['input'];
};

export type CostDirectiveResolver<Result, Parent, ContextType = ShopContext, Args = CostDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type InvalidatesDirectiveArgs = {
  entities?: Scalars['Boolean']['input'];
  fields?: Maybe<Array<Scalars['String']['input']>>;
  types?: Maybe<Array<Scalars['String']['input']>>;
};

export type InvalidatesDirectiveResolver<Result, Parent, ContextType = ShopContext, Args = InvalidatesDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ListSizeDirectiveArgs = {
  assumedSize?: Maybe<Scalars['Int']['input']>;
  requireOneSlicingArgument?: Maybe<Scalars['Boolean']['input']>;
  sizedFields?: Maybe<Array<Scalars['String']['input']>>;
  slicingArguments?: Maybe<Array<Scalars['String']['input']>>;
};

export type ListSizeDirectiveResolver<Result, Parent, ContextType = ShopContext, Args = ListSizeDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type RateLimitDirectiveArgs = {
  by?: Maybe<Array<RateLimitKey>>;
  cost?: Scalars['Int']['input'];
  count?: RateLimitCount;
  duration?: Scalars['Int']['input'];
  identityArgs?: Maybe<Array<Scalars['String']['input']>>;
  limit?: Scalars['Int']['input'];
  mode?: RateLimitMode;
  multipliers?: Maybe<Array<Scalars['String']['input']>>;
  name?: Maybe<Scalars['String']['input']>;
  onCacheHit?: RateLimitCacheHit;
  strategy?: RateLimitStrategy;
  tiers?: Maybe<Array<RateLimitTier>>;
  unit?: RateLimitUnit;
};

export type RateLimitDirectiveResolver<Result, Parent, ContextType = ShopContext, Args = RateLimitDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type RateLimitExemptDirectiveArgs = { };

export type RateLimitExemptDirectiveResolver<Result, Parent, ContextType = ShopContext, Args = RateLimitExemptDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type HealthResolvers<ContextType = ShopContext, ParentType extends ResolversParentTypes['Health'] = ResolversParentTypes['Health']> = {
  status?: Resolver<ResolversTypes['HealthStatus'], ParentType, ContextType>;
  uptime?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = ShopContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createProduct?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<MutationCreateProductArgs, 'input'>>;
  createUser?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<MutationCreateUserArgs, 'input'>>;
  deleteProduct?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType, RequireFields<MutationDeleteProductArgs, 'id'>>;
  login?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType, RequireFields<MutationLoginArgs, 'input'>>;
  updateProduct?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<MutationUpdateProductArgs, 'id' | 'input'>>;
};

export type ProductResolvers<ContextType = ShopContext, ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  price?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = ShopContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  health?: Resolver<ResolversTypes['Health'], ParentType, ContextType>;
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  newProducts?: Resolver<Maybe<Array<ResolversTypes['Product']>>, ParentType, ContextType>;
  popularProducts?: Resolver<Maybe<Array<ResolversTypes['Product']>>, ParentType, ContextType>;
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType, RequireFields<QueryProductArgs, 'id'>>;
  products?: Resolver<Maybe<Array<ResolversTypes['Product']>>, ParentType, ContextType, RequireFields<QueryProductsArgs, 'first'>>;
  rateLimits?: Resolver<Array<ResolversTypes['RateLimitStatus']>, ParentType, ContextType>;
  roleBasedProducts?: Resolver<Maybe<Array<ResolversTypes['Product']>>, ParentType, ContextType>;
  searchProducts?: Resolver<Maybe<Array<ResolversTypes['Product']>>, ParentType, ContextType, RequireFields<QuerySearchProductsArgs, 'query'>>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, RequireFields<QueryUserArgs, 'id'>>;
  users?: Resolver<Maybe<Array<ResolversTypes['User']>>, ParentType, ContextType, RequireFields<QueryUsersArgs, 'first'>>;
};

export type RateLimitStatusResolvers<ContextType = ShopContext, ParentType extends ResolversParentTypes['RateLimitStatus'] = ResolversParentTypes['RateLimitStatus']> = {
  limit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  policy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  resetAt?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  window?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionResolvers<ContextType = ShopContext, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  expiresAt?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  token?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = ShopContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = ShopContext> = {
  Health?: HealthResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RateLimitStatus?: RateLimitStatusResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = ShopContext> = {
  cacheControl?: CacheControlDirectiveResolver<any, any, ContextType>;
  cost?: CostDirectiveResolver<any, any, ContextType>;
  invalidates?: InvalidatesDirectiveResolver<any, any, ContextType>;
  listSize?: ListSizeDirectiveResolver<any, any, ContextType>;
  rateLimit?: RateLimitDirectiveResolver<any, any, ContextType>;
  rateLimitExempt?: RateLimitExemptDirectiveResolver<any, any, ContextType>;
};
